"""Tables of members away from the branch: where and how they are reached, and that somebody reached them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class MobileCard(models.Model):
    """Beside a spell of the register: the city, how to reach the member, and whether others there may find them."""

    spell = models.OneToOneField("register.MobileSpell", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    city = models.CharField(max_length=40, blank=True, default="")
    contact_sealed = models.TextField(blank=True, default="")
    keeper = models.ForeignKey(
        "register.Person",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="who keeps in contact",
    )
    abroad = models.SmallIntegerField(default=0, help_text="1: abroad; the rule asks for contact less often")
    shares = models.SmallIntegerField(
        default=0, help_text="1: agrees to be found by members away in the same city, with the contact above"
    )
    kept_on = DayField()

    class Meta:
        db_table = "zb_mobile_card"
        indexes = (models.Index(fields=["city", "shares"], name="zb_mobile_card_city"),)


class ContactWay(models.TextChoices):
    """How somebody was contacted."""

    PHONE = "phone", _("电话")
    MESSAGE = "message", _("短信、微信")
    VISIT = "visit", _("走访")
    RETURN = "return", _("返乡见面")
    RELATIVES = "relatives", _("通过家属、单位")


class Contact(models.Model):
    """One attempt to reach a member, and whether it did. What was said is nobody's but theirs."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=ContactWay.choices)
    reached = models.SmallIntegerField(help_text="1: reached; 0: tried in vain")
    held_on = DayField()
    entered_on = DayField()
    promised = models.CharField(
        max_length=200, blank=True, default="", help_text="what the branch is to see to"
    )
    by_name = models.CharField(max_length=60)
    served: str = ""  # the steps of cases it is or asks for, in words, for who records it

    class Meta:
        db_table = "zb_contact"
        indexes = (models.Index(fields=["organisation", "held_on"], name="zb_contact_branch_day"),)
