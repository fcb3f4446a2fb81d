// A secret vote, on the voter's and the tellers' devices. Nothing here but the browser's own cryptography.
//
//   ticket   RFC 9474 (RSABSSA-SHA384-PSS-Randomized): the server signs what it cannot read
//   paper    signed with a key of its own, its marks sealed to the tellers; all papers have one length
//
// The layout of a paper is described in src/zhibu/ballots/envelope.py; docs/algorithms/secret-votes.md tells the rest.

const E = 65537n;
const text = new TextEncoder();
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const WRAPS = 418; // where the content keys begin: 1 + 65 + 32 + 256 + 64
const OAEP = { name: "RSA-OAEP", hash: "SHA-256" };

// --- bytes ------------------------------------------------------------------------------------------

export const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
export const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
export const unbase64 = (letters) => Uint8Array.from(atob(letters), (each) => each.charCodeAt(0));
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const number = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);
const bytesOf = (value, length) => unhex(value.toString(16).padStart(2 * length, "0"));

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const hash = async (name, ...parts) => new Uint8Array(await crypto.subtle.digest(name, join(...parts)));

// --- numbers modulo n -------------------------------------------------------------------------------

function power(base, exponent, n) {
  let result = 1n;
  for (base %= n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % n;
    base = (base * base) % n;
  }
  return result;
}

/** The inverse of a modulo n, or null when there is none. */
function inverse(a, n) {
  let [rest, next, x, y] = [n, a % n, 0n, 1n];
  while (next) {
    const times = rest / next;
    [rest, next] = [next, rest - times * next];
    [x, y] = [y, x - times * y];
  }
  return rest === 1n ? ((x % n) + n) % n : null;
}

// --- RFC 9474 ---------------------------------------------------------------------------------------

/** EMSA-PSS-ENCODE (RFC 8017, 9.1.1) with SHA-384 and MGF1. */
async function encode(message, bits, salt) {
  const size = Math.ceil(bits / 8);
  const digest = await hash("SHA-384", new Uint8Array(8), await hash("SHA-384", message), salt);
  const block = join(new Uint8Array(size - salt.length - 50), Uint8Array.of(1), salt);
  for (let at = 0, round = 0; at < block.length; at += 48, round += 1) {
    const mask = await hash("SHA-384", digest, Uint8Array.of(0, 0, 0, round));
    for (let each = 0; each < 48 && at + each < block.length; each += 1) block[at + each] ^= mask[each];
  }
  block[0] &= 0xff >> (8 * size - bits);
  return join(block, digest, Uint8Array.of(0xbc));
}

/** Blind a prepared message under the modulus. `salt` and `undo` are given by test vectors only. */
export async function blind(modulus, prepared, salt = random(48), undo = null) {
  const n = BigInt(`0x${modulus}`);
  const size = modulus.length / 2;
  const encoded = number(await encode(prepared, n.toString(2).length - 1, salt));
  if (inverse(encoded, n) === null) throw new Error("the message shares a factor with the modulus");
  // a number below n, and one that has an inverse
  while (undo === null || undo >= n || inverse(undo, n) === null) undo = number(random(size));
  const blinded = (encoded * power(inverse(undo, n), E, n)) % n;
  return { blinded: bytesOf(blinded, size), undo, encoded };
}

/** The signature behind a blind one; it is checked, so that a wrong key is noticed at once. */
export function finalize(modulus, blindSignature, { undo, encoded }) {
  const n = BigInt(`0x${modulus}`);
  const signature = (number(blindSignature) * undo) % n;
  if (power(signature, E, n) !== encoded) throw new Error("the signature is not one of this ticket");
  return bytesOf(signature, modulus.length / 2);
}

// --- the voter --------------------------------------------------------------------------------------

/** A new ticket to be signed: what to send, and what to keep. The private key cannot leave the browser. */
export async function newTicket(code, modulus) {
  const pair = await crypto.subtle.generateKey(P256, false, ["sign"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const prefix = random(32);
  const message = await hash("SHA-256", text.encode(`zhibu ticket 1\n${code}\n`), publicKey);
  const made = await blind(modulus, join(prefix, message));
  return { code, key: pair.privateKey, publicKey, prefix, ...made, signature: null };
}

/** What the voter may look for in the published list. */
export const trackerOf = async (ticket) => hex(await hash("SHA-256", ticket.publicKey));

/** The paper: marks sealed to every teller, signed with the paper's own key. */
export async function newPaper(ticket, marks, length, tellers) {
  const content = random(32);
  const nonce = random(12);
  const wraps = [];
  for (const letters of tellers) {
    const key = await crypto.subtle.importKey("spki", unbase64(letters), OAEP, false, ["encrypt"]);
    wraps.push(new Uint8Array(await crypto.subtle.encrypt(OAEP, key, content)));
  }
  const aes = await crypto.subtle.importKey("raw", content, "AES-GCM", false, ["encrypt"]);
  const options = { name: "AES-GCM", iv: nonce, additionalData: text.encode(ticket.code) };
  if (marks.length > length) throw new Error("the marks are too long");
  const sealed = new Uint8Array(await crypto.subtle.encrypt(options, aes, text.encode(marks.padEnd(length))));
  const commitment = await hash("SHA-256", text.encode("zhibu key 1\n"), content);
  const head = join(Uint8Array.of(1), ticket.publicKey, ticket.prefix, ticket.signature);
  const rest = join(...wraps, commitment, nonce, sealed);
  const signed = join(text.encode(`zhibu paper 1\n${ticket.code}\n`), head, rest);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, ticket.key, signed);
  return join(head, new Uint8Array(signature), rest);
}

/** Send a paper, or ask for the state: no cookie, no referrer, no cache. */
export async function box(code, paper = null) {
  const answer = await fetch(`/box/${code}/`, {
    method: paper ? "POST" : "GET",
    body: paper,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
    headers: paper ? { "Content-Type": "application/octet-stream" } : {},
  });
  return { status: answer.status, ...(await answer.json()) };
}

// --- the teller -------------------------------------------------------------------------------------

export async function newTellerKey() {
  const options = { ...OAEP, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const pair = await crypto.subtle.generateKey(options, false, ["encrypt", "decrypt"]);
  return { key: pair.privateKey, spki: base64(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey))) };
}

/** Open one paper as the teller at `place` of `tellers`: its marks, and the content key for a recount. */
export async function openPaper(paper, code, place, tellers, privateKey) {
  const start = WRAPS + 256 * place;
  const content = new Uint8Array(await crypto.subtle.decrypt(OAEP, privateKey, paper.slice(start, start + 256)));
  return { marks: await openWith(paper, code, tellers, content).catch(() => ""), content };
}

/** The marks of a paper under its content key, which must be the one the paper was sealed with. */
export async function openWith(paper, code, tellers, content) {
  const rest = paper.slice(WRAPS + 256 * tellers);
  const commitment = await hash("SHA-256", text.encode("zhibu key 1\n"), content);
  if (hex(commitment) !== hex(rest.slice(0, 32))) throw new Error("not the key of this paper");
  const aes = await crypto.subtle.importKey("raw", content, "AES-GCM", false, ["decrypt"]);
  const options = { name: "AES-GCM", iv: rest.slice(32, 44), additionalData: text.encode(code) };
  return new TextDecoder().decode(await crypto.subtle.decrypt(options, aes, rest.slice(44))).trimEnd();
}
