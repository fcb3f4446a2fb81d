"""Zhibu (支部): the working platform of a grassroots Party branch."""
