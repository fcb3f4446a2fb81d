// The pages of voters and tellers: which step is on the screen. The cryptography is in ballot.js.
import { base64, box, finalize, newPaper, newTellerKey, newTicket, openPaper, openWith, trackerOf, unbase64, unhex, hex } from "../ballot.js";

// milliseconds after which an answer about the box is not waited for any longer
const PATIENCE = 20_000;

// --- what the browser keeps: keys that cannot be read out, until they are used ------------------------

function store(name, mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("zhibu-ballots", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("tickets", { keyPath: "code" });
      opening.result.createObjectStore("tellers", { keyPath: "code" });
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(name, mode);
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
    };
  });
}
const kept = (name, code) => store(name, "readonly", (shelf) => shelf.get(code));
const keep = (name, value) => store(name, "readwrite", (shelf) => shelf.put(value));

async function send(url, value) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.body.dataset.csrf ?? "" },
    body: JSON.stringify(value),
  });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.message), told);
  return told;
}

const words = (root) => (name, a = "", b = "") =>
  root.querySelector(`[data-word="${name}"]`).content.textContent.replace("%a", a).replace("%b", b);

function sayer(root) {
  const line = root.querySelector("[data-say]");
  return (text) => {
    line.textContent = text;
    line.hidden = !text;
  };
}

// --- the voter ----------------------------------------------------------------------------------------

async function startVote(root) {
  const paper = JSON.parse(document.getElementById("zb-paper").textContent);
  const word = words(root);
  const say = sayer(root);
  const steps = [...root.querySelectorAll("[data-step]")];
  let here = "";
  const show = (name) => {
    if (here === name) return;
    here = name;
    for (const step of steps) step.hidden = step.dataset.step !== name;
    const heading = root.querySelector(`[data-step="${name}"] :is(h2, legend)`);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  };
  if (!globalThis.crypto?.subtle) return show("unsafe");

  const questions = [...root.querySelectorAll("[data-question]")];
  const [back, next] = ["back", "next"].map((name) => root.querySelector(`[data-do="${name}"]`));
  let at = 0;
  const ask = (place) => {
    at = place;
    questions.forEach((question, index) => {
      question.hidden = index !== at;
    });
    back.hidden = at === 0;
    next.hidden = false;
    root.querySelector("[data-progress]").textContent = word("progress", at + 1, questions.length);
    questions[at].querySelector("input:checked, select")?.focus();
  };
  const marked = () => paper.names.map((_name, place) => root.querySelector(`input[name="m${place}"]:checked`).value);
  const others = () => [...new Set([...root.querySelectorAll("[data-other]")].map((each) => each.value).filter(Boolean))];

  function review() {
    const letters = marked();
    const list = root.querySelector("[data-review]");
    const line = (name, told) => {
      for (const [tag, content] of [["dt", name], ["dd", told]]) list.append(Object.assign(document.createElement(tag), { textContent: content }));
    };
    list.replaceChildren();
    paper.names.forEach((name, place) => {
      const label = root.querySelector(`input[name="m${place}"]:checked`).closest("label");
      line(name || document.querySelector("h1").textContent, label.textContent.trim());
    });
    const written = others();
    for (const number of written) line(word("other"), paper.others[number - 1][1]);
    const chosen = letters.filter((each) => each === "y").length + written.length;
    const many = paper.kind === "election" && chosen > paper.seats;
    const needNo = written.length > letters.filter((each) => each === "n").length;
    root.querySelector("[data-chosen]").textContent = paper.kind === "election" ? word("chosen", chosen, paper.seats) : "";
    root.querySelector('[data-do="cast"]').disabled = many || needNo;
    say(many ? word("many") : needNo ? word("needno") : "");
    show("review");
  }

  // two people may share a device: each has the ticket of their own line of the roll
  const slot = `${paper.code}/${root.dataset.voter}`;
  const keepTicket = (value) => keep("tickets", { code: slot, ticket: value });
  let ticket = (await kept("tickets", slot))?.ticket;
  let timer = 0;
  let asked = 0;

  async function look() {
    // one question at a time: an answer that comes after a later one would lead the voter back
    const now = Date.now();
    if (now - asked < PATIENCE) return;
    asked = now;
    const told = await box(paper.code).catch(() => null);
    if (asked !== now) return;
    asked = 0;
    if (!told) return;
    if (ticket?.tracker) {
      show("done");
      root.querySelector("[data-tracker]").textContent = ticket.tracker;
      if (told.trackers) {
        const line = root.querySelector("[data-check]");
        const found = told.trackers.includes(ticket.tracker);
        line.textContent = word(found ? "there" : "missing");
        line.hidden = false;
        clearInterval(timer);
      }
    } else if (told.state === "issuing") {
      show(ticket?.signature ? "wait" : root.dataset.hasTicket && !ticket ? "other" : "ticket");
    } else if (told.state === "casting") {
      if (!ticket?.signature) show(root.dataset.hasTicket ? "other" : "late");
      else if (here !== "mark" && here !== "review") {
        show("mark");
        ask(0);
      }
    } else show("closed");
  }

  async function takeTicket() {
    say("");
    // tapped again while the first ticket is being made there would be two, and the seal of one for the other
    const button = root.querySelector('[data-do="ticket"]');
    button.disabled = true;
    try {
      // kept before it is sent: if the answer is lost, the same is asked for again
      if (!ticket) {
        ticket = await newTicket(paper.code, paper.modulus);
        await keepTicket(ticket);
      }
      const slip = root.querySelector("#zb-slip")?.value;
      const { signature } = await send(root.dataset.ticketUrl, { blinded: hex(ticket.blinded), slip });
      ticket.signature = finalize(paper.modulus, unhex(signature), ticket);
      await keepTicket(ticket);
      root.dataset.hasTicket = "1";
      show("wait");
    } catch (error) {
      say(error.code ? `${error.message} ${error.remedy}` : error instanceof TypeError ? word("net") : word("wrongkey"));
    }
    button.disabled = false;
  }

  async function cast() {
    say("");
    const button = root.querySelector('[data-do="cast"]');
    button.disabled = true;
    try {
      if (!ticket.paper) {
        const written = others();
        const marks = marked().join("") + (written.length ? `|${written.join(",")}` : "");
        ticket.paper = await newPaper(ticket, marks, paper.length, paper.tellers);
        await keepTicket(ticket);
      }
      const { status } = await box(paper.code, ticket.paper);
      if (status !== 200 && status !== 201) {
        say(word("refused"));
        return;
      }
      // what is left is only what is needed to look the paper up
      ticket = { code: paper.code, tracker: await trackerOf(ticket) };
      await keepTicket(ticket);
      await look();
    } catch {
      say(word("net"));
      button.disabled = false;
    }
  }

  root.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (act === "ticket") takeTicket();
    if (act === "back") ask(at - 1);
    if (act === "next") at + 1 < questions.length ? ask(at + 1) : review();
    if (act === "again") {
      // a paper made but not answered may have arrived: it is sent again as it is, and not changed
      if (ticket.paper) return;
      say("");
      show("mark");
      ask(0);
    }
    if (act === "cast") cast();
  });
  if (ticket?.paper) {
    show("review");
    say(word("net"));
  }
  await look();
  // not all phones of a hall in the same moment
  timer = setInterval(look, Number(root.dataset.every) * (0.8 + 0.4 * Math.random()));
}

// --- the teller ---------------------------------------------------------------------------------------

function startTeller(root) {
  const about = JSON.parse(document.getElementById("zb-teller").textContent);
  const word = words(root);
  const say = sayer(root);

  const refused = (name) => Object.assign(new Error(word(name)), { code: name });
  const inTheBox = async () => (await (await fetch(root.dataset.papersUrl)).json()).papers;

  async function opened() {
    const mine = await kept("tellers", about.code);
    if (!mine || mine.spki !== about.key) throw refused("nokey");
    const papers = await inTheBox();
    const found = [];
    for (const letters of papers) {
      const paper = unbase64(letters);
      const made = await openPaper(paper, about.code, about.place, about.tellers, mine.key).catch(() => ({ marks: "", content: new Uint8Array() }));
      found.push({ paper: letters, marks: made.marks, key: base64(made.content) });
    }
    return found;
  }

  /** Count with the keys of papers which the other teller's file holds: each is checked against the paper itself. */
  async function openedFrom(file) {
    const told = await file.text().then(JSON.parse).catch(() => ({}));
    const keys = new Map((told.code === about.code ? told.papers : []).map((each) => [each.paper, each.key]));
    const papers = await inTheBox();
    if (papers.length !== keys.size || papers.some((each) => !keys.has(each))) throw refused("wrongfile");
    const marks = papers.map((each) => openWith(unbase64(each), about.code, about.tellers, unbase64(keys.get(each))));
    // a paper that does not open could have been spoiled by the one teller who saw it: then this is no count
    return Promise.all(marks).catch(() => {
      throw refused("wrongkeys");
    });
  }

  async function enter(marks, byFile) {
    // sorted, so that nothing of the order in the box is left
    const { state } = await send(root.dataset.entryUrl, { papers: marks.sort(), by_file: byFile });
    if (state === "counted") location.reload();
    else say(word("sent"));
  }

  const acts = {
    async key() {
      const made = await newTellerKey();
      await keep("tellers", { code: about.code, ...made });
      await send(root.dataset.keyUrl, { key: made.spki });
      about.key = made.spki;
      root.querySelector("[data-has-key]").hidden = false;
    },
    async count() {
      await enter((await opened()).map((each) => each.marks), false);
    },
    async file() {
      const [file] = root.querySelector("[data-file]").files;
      if (!file) throw refused("wrongfile");
      await enter(await openedFrom(file), true);
    },
    async recount() {
      const papers = (await opened()).map(({ paper, key }) => ({ paper, key }));
      const file = { zhibu: "recount 1", code: about.code, modulus: about.modulus, tellers: about.tellers, papers };
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
      link.download = `recount-${about.code}.json`;
      link.click();
    },
  };
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    button.disabled = true;
    say("");
    try {
      await acts[button.dataset.do]();
    } catch (error) {
      say(error.code ? `${error.message} ${error.remedy ?? ""}` : word("net"));
    }
    button.disabled = false;
  });
}

const voter = document.querySelector("[data-vote]");
const teller = document.querySelector("[data-teller]");
if (voter) startVote(voter);
if (teller) startTeller(teller);
