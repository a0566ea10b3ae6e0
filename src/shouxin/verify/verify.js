/*
 * verify.js: is this history whole, and did every use of my data have what it needed?
 *
 * As the Python package shouxin.verify, step for step; section titles name its modules.
 * Formats: docs/reference/formats.md.
 *
 *   In a page   <script src="verify.js"></script>, then shouxinVerify.verify(bundle, trust, key, atMs)
 *   In Node     node verify.js bundle.json --trust trust.json --person person.key [--at TIME] [--json]
 *
 * Signatures are left to the browser's Ed25519 (Chrome 137, Firefox 129, Safari 17, Node 18 or later).
 * Numbers of eight bytes are BigInt: a rounded one would equal its neighbours.
 */
"use strict";

(() => {
// --- refuse: what is thrown are plain objects; an Error is a bug of this file

function demand(holds, reason, where) {
	if (!holds) throw { reason, where };
}

/** For bytes that are not of their form. `unfit`: a key's path, "" for the whole; `at`: the byte. */
function fit(holds, unfit = "", at = null) {
	if (!holds) throw { unfit, at };
}

/** What `work` returns; what doesn't fit is refused. */
function orRefuse(reason, where, work) {
	try {
		return work();
	} catch (error) {
		demand(!("unfit" in error), reason, where);
		throw error;
	}
}

// --- bytes

const utf8 = (text) => new TextEncoder().encode(text);
const same = (one, other) => one.length === other.length && firstDifference(one, other) === one.length;
const readU64 = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset + at).getBigUint64(0);

function firstDifference(one, other) {
	let at = 0;
	while (at < one.length && one[at] === other[at]) at++;
	return at;
}

function join(...parts) {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
	return whole;
}

function u64(number) {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
	return bytes;
}

// --- SHA-256 (FIPS 180-4), HMAC (RFC 2104)

/** The first 32 bits of the fractions of a root of each of the first 64 primes; a double holds 18 more. */
function fractions(root) {
	const primes = [];
	for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
	return Int32Array.from(primes, (prime) => Math.floor((root(prime) % 1) * 2 ** 32) | 0);
}

const INITIAL = fractions(Math.sqrt).slice(0, 8), ROUND = fractions(Math.cbrt);

function sha256(message) {
	const padded = new Uint8Array(64 * Math.ceil((message.length + 9) / 64));
	padded.set(message);
	padded[message.length] = 0x80;
	padded.set(u64(8 * message.length), padded.length - 8);
	const state = INITIAL.slice(), words = new Int32Array(64), view = new DataView(padded.buffer);
	for (let at = 0; at < padded.length; at += 64) compress(state, words, view, at);
	const digest = new Uint8Array(32), out = new DataView(digest.buffer);
	state.forEach((word, n) => out.setInt32(4 * n, word));
	return digest;
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function compress(state, w, view, at) {
	for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
	for (let t = 16; t < 64; t++) {
		const x = w[t - 15], y = w[t - 2];
		const low = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3), high = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
		w[t] = high + w[t - 7] + low + w[t - 16];
	}
	let [a, b, c, d, e, f, g, h] = state;
	for (let t = 0; t < 64; t++) {
		const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[t] + w[t];
		const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
		h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
	}
	[a, b, c, d, e, f, g, h].forEach((word, n) => { state[n] += word; });
}

function hmac(key, message) {
	const block = new Uint8Array(64);
	block.set(key.length > 64 ? sha256(key) : key);
	const inner = sha256(join(block.map((byte) => byte ^ 0x36), message));
	return sha256(join(block.map((byte) => byte ^ 0x5c), inner));
}

// --- spelling: what is not spelt as it must be is null

const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function fromBase64(text, size) {
	let letters;
	try {
		letters = atob(text);
	} catch {
		return null;
	}
	if (btoa(letters) !== text || (size !== undefined && letters.length !== size)) return null;
	const bytes = new Uint8Array(letters.length);
	for (let n = 0; n < bytes.length; n++) bytes[n] = letters.charCodeAt(n);
	return bytes;
}

function fromHex(text, size) {
	if (text.length !== 2 * size || /[^0-9a-f]/.test(text)) return null;
	return Uint8Array.from(text.match(/../g), (two) => parseInt(two, 16));
}

function fromDecimal(text) {
	const number = /^(0|[1-9][0-9]{0,19})$/.test(text) ? BigInt(text) : null;
	return number !== null && number < 2n ** 64n ? number : null;
}

// --- canonical; objects are Maps, so that no key ("__proto__", "1") is special

const NESTING_MAX = 900; // Python's reader stops near 1000
const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\x00-\x1f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}(?=[^]))/y;
const TOKEN = /null|true|false|(NaN|-?Infinity)|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;

/**
 * The value of a JSON text. `canonical`: refuse numbers that are not whole; otherwise repeated keys.
 * What it throws names the letter, not yet the byte, at which Python's reader finds a text wrong.
 */
function readJson(json, canonical) {
	let at = 0;

	function expect(holds, place = at) {
		fit(holds, "", place);
	}

	function match(pattern) {
		pattern.lastIndex = at;
		const found = pattern.exec(json);
		if (found) at = pattern.lastIndex;
		return found;
	}

	function takes(letter) {
		match(SPACE);
		return json[at] === letter && ++at > 0;
	}

	function readValue(depth) {
		if (takes('"')) return readString();
		if (takes("[")) return readItems("]", depth, [], (found) => found.push(readValue(depth + 1)));
		return takes("{") ? readItems("}", depth, new Map(), (found) => readPair(found, depth + 1)) : readToken();
	}

	function readToken() {
		const found = match(TOKEN);
		expect(found);
		const [token, name, digits, fraction, power] = found, isNumber = digits && !fraction && !power;
		// As Python: 16 letters of canonical JSON, elsewhere as many digits as int() takes.
		if (canonical) fit(isNumber ? token.length <= 16 : !name && !digits);
		else fit(!isNumber || digits.length <= 4300);
		return isNumber ? Number(token) : null;
	}

	function readString() {
		const begin = at - 1;
		for (let found = ""; ; ) {
			found += match(PLAIN)[0];
			const [letter, next] = json.slice(at, at + 2);
			expect(letter && (next || letter !== "\\"), begin);
			if (letter === '"') return at++, found;
			const escape = match(ESCAPE);
			expect(escape, letter === "\\" && next === "u" ? at + 1 : at);
			found += JSON.parse(`"${escape}"`);
		}
	}

	function readPair(found, depth) {
		expect(takes('"'));
		const key = readString();
		expect(takes(":"));
		fit(canonical || !found.has(key));
		found.set(key, readValue(depth));
	}

	function readItems(end, depth, found, readOne) {
		fit(depth < NESTING_MAX);
		for (let more = !takes(end); more; ) {
			readOne(found);
			more = !takes(end);
			expect(!more || takes(","));
		}
		return found;
	}

	const value = readValue(0);
	match(SPACE);
	expect(at === json.length);
	return value;
}

/** The value whose canonical bytes are exactly `raw`. Writing it again also finds a repeated key. */
function decode(raw) {
	const value = parsed(raw, true);
	mustBePlain(value, 32);
	const again = utf8(spelt(value)), at = firstDifference(raw, again);
	fit(at === raw.length && at === again.length, "", at);
	return value;
}

function parsed(raw, canonical) {
	const json = new TextDecoder("utf-8", { ignoreBOM: true }).decode(raw);
	const again = utf8(json); // with U+FFFD in place of what is not UTF-8
	let at = firstDifference(raw, again);
	const isUtf8 = at === raw.length && at === again.length;
	while ((again[at] & 0xc0) === 0x80) at--;
	fit(isUtf8, "", at);
	try {
		return readJson(json, canonical);
	} catch (error) {
		if (error.at) error.at = utf8(json.slice(0, error.at)).length;
		throw error;
	}
}

function mustBePlain(value, depth) {
	if (isText(value)) {
		fit(!/\p{Surrogate}/u.test(value) && value.normalize("NFC") === value);
	} else if (typeof value === "number") {
		fit(isWhole(value));
	} else {
		fit(depth > 0 && value !== null);
		if (isMap(value)) for (const key of value.keys()) mustBePlain(key);
		for (const inner of value.values()) mustBePlain(inner, depth - 1);
	}
}

/** The canonical text of a plain value. JSON.stringify escapes texts as RFC 8785 does. */
function spelt(value) {
	if (Array.isArray(value)) return `[${value.map(spelt).join(",")}]`;
	if (!isMap(value)) return JSON.stringify(value);
	const keys = [...value.keys()].sort(byCodePoint);
	return `{${keys.map((key) => `${spelt(key)}:${spelt(value.get(key))}`).join(",")}}`;
}

/** JavaScript compares halves of letters: one above U+FFFF would sort before U+E000. */
function byCodePoint(one, other) {
	const at = firstDifference(one, other);
	return (one.codePointAt(at) ?? -1) - (other.codePointAt(at) ?? -1);
}

// --- form: every key of an object by name and type, none left over
// A reader takes (value, where) and gives what it has read, or throws where it doesn't fit.

const is = (holds) => (value, where) => {
	fit(holds(value), where);
	return value;
};
const isText = (value) => typeof value === "string";
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;
const isMap = (value) => value instanceof Map;
const isListOf = (holds) => (value) => Array.isArray(value) && value.every(holds);
const text = is(isText), whole = is(isWhole), version = is((value) => value === 1);

const bytes = (size, from = fromBase64) => (value, where) => {
	const found = isText(value) ? from(value, size) : null;
	fit(found, where);
	return found;
};
const hash = bytes(32), hex = bytes(32, fromHex);

const list = (read) => (value, where) => {
	fit(Array.isArray(value), where);
	return value.map((one, n) => read(one, `${where}[${n}]`));
};

/** An object with these keys and no others; `name?` may be absent. A reader also sees what was read before. */
const object = (shape) => (value, where = "") => {
	fit(isMap(value), where);
	const found = {}, path = (name) => (where ? `${where}.${name}` : name);
	for (const [key, read] of Object.entries(shape)) {
		const name = key.replace("?", "");
		fit(name !== key || value.has(name), path(name));
		if (value.has(name)) found[name] = read(value.get(name), path(name), found);
	}
	for (const name of value.keys()) fit(Object.hasOwn(found, name), path(name));
	return found;
};
const objects = (read) => (value, where) => list(read)(list(is(isMap))(value, where), where);

// --- chain, tree, proof, prefix_tree

const ZEROS = new Uint8Array(32); // before the first entry; nothing in the map

const hashOf = (first, ...parts) => sha256(join([first], ...parts));
const leafHash = (leaf) => hashOf(0, leaf);
const labelOf = (key, j) => hmac(key, join(utf8("access-label/v1\0"), u64(j)));
const commitOf = (one, before) => hmac(one.salt, join(utf8("access-commit/v1\0"), u64(one.j), before, one.record));

/** `number`: how many epochs the log has with this one; every leaf is an entry or an epoch. */
function parseEpoch(leaf) {
	fit(leaf.length === 57 && leaf[0] === 2, "epochs");
	const [size, entries, ms] = [1, 9, 49].map((at) => readU64(leaf, at));
	fit(entries < size, "epochs");
	return { leaf, size, entries, ms, mapRoot: leaf.subarray(17, 49), index: size - 1n, number: size - entries };
}

/** The root that `proof` gives for these [index, leaf hash], sorted by index, in a tree of `size`. */
function multiproofRoot(items, size, proof) {
	fit(items.every(([index], n) => index < size && (n === 0 || items[n - 1][0] < index)));
	const rest = [...proof].reverse();

	function visit(start, end, inside) {
		if (!inside.length) {
			fit(rest.length);
			return rest.pop();
		}
		if (end - start === 1n) return inside[0][1];
		// RFC 6962 splits at the largest power of two below the length.
		const middle = start + (1n << BigInt((end - start - 1n).toString(2).length - 1));
		const border = inside.filter(([index]) => index < middle).length;
		const left = visit(start, middle, inside.slice(0, border));
		return hashOf(1, left, visit(middle, end, inside.slice(border)));
	}

	const root = visit(0n, size, items);
	fit(!rest.length);
	return root;
}

/** What the map with this root holds under `label`: its leaf hash, or null for nothing. */
function underLabel(root, label, { siblings, end }) {
	const depth = siblings.length;
	fit(depth <= 256 && !(depth && same(siblings[depth - 1], ZEROS)));
	for (let level = 0; end && level < depth; level++) fit(bit(end.label, level) === bit(label, level));
	let node = end ? hashOf(2, end.label, end.leaf_hash) : ZEROS;
	for (let level = depth - 1; level >= 0; level--) {
		const beside = siblings[level];
		node = bit(label, level) ? hashOf(3, beside, node) : hashOf(3, node, beside);
	}
	fit(same(node, root));
	return end && same(end.label, label) ? end.leaf_hash : null;
}

const bit = (label, depth) => (label[depth >> 3] >> (7 - (depth & 7))) & 1;

// --- note, checkpoint

const ED25519 = 1, COSIGNATURE = 4;
// White space as Python's \s has it: JavaScript's lacks U+0085 and has U+FEFF.
const NOT_IN_NAME = /[+\x00-\x20\x7f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|\p{Surrogate}/u;
const isName = (name) => name !== "" && !NOT_IN_NAME.test(name);

function parseNote(raw) {
	fit(raw.replace(/[\udc00-\udfff]/g, "").length <= 1e6 && !/[\x00-\x09\x0b-\x1f]/.test(raw));
	const gap = raw.lastIndexOf("\n\n");
	fit(gap >= 0 && gap + 2 < raw.length && raw.endsWith("\n"));
	const lines = raw.slice(gap + 2, -1).split("\n");
	fit(lines.length <= 100);
	const signatures = lines.map(parseSignature), signed = raw.slice(0, gap + 1);
	return { signed, signatures, checkpoint: parseCheckpoint(signed) };
}

function parseSignature(line) {
	const [dash, name, ...encoded] = line.split(" ");
	const data = fromBase64(encoded.join(" "));
	fit(dash === "\u2014" && name !== undefined && isName(name) && data && data.length >= 5);
	return { name, keyId: data.subarray(0, 4), body: data.subarray(4) };
}

/** Reads a key `name+id+base64` of this kind. */
const verifier = (kind) => (value, where) => {
	const [name, id = "", ...encoded] = text(value, where).split("+");
	const keyId = fromHex(id, 4), data = fromBase64(encoded.join("+"), 33);
	fit(keyId && data && isName(name) && data[0] === kind, where);
	fit(same(sha256(join(utf8(`${name}\n`), data)).subarray(0, 4), keyId), where);
	return { name, kind, keyId, public: data.subarray(1) };
};

/** A witness also signs when it saw the text. */
async function accepts(key, signed, body) {
	if (key.kind === ED25519) return isSignature(key, body, utf8(signed));
	if (body.length !== 72) return false;
	const message = utf8(`cosignature/v1\ntime ${readU64(body, 0)}\n${signed}`);
	return isSignature(key, body.subarray(8), message);
}

async function isSignature(key, signature, message) {
	const subtle = (globalThis.crypto || require("node:crypto").webcrypto).subtle; // Node 18 has no global one
	const works = await subtle?.generateKey("Ed25519", false, ["sign", "verify"]).catch(() => false);
	demand(works, "unsupported", "Ed25519");
	try {
		const imported = await subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
		return await subtle.verify("Ed25519", imported, signature, message);
	} catch {
		return false; // a key that is no point of the curve
	}
}

function parseCheckpoint(signed) {
	const lines = signed.split("\n");
	fit(lines.pop() === "" && lines.length >= 3 && lines.every((line) => line));
	const size = fromDecimal(lines[1]), root = fromBase64(lines[2], 32);
	fit(size !== null && root);
	return { origin: lines[0], size, root };
}

// --- trust, person_key, statement, bundle

function parseTrust(raw) {
	const found = object({
		v: version,
		origin: text,
		log_keys: objects(object({ key: verifier(ED25519), from_size: whole, "until_size?": whole })),
		witnesses: (value, where) => is(isListOf(isText))(value, where).map((one) => verifier(COSIGNATURE)(one, where)),
		quorum: whole,
		max_age: whole,
	})(parsed(raw, false));
	const keys = [...found.log_keys.map((one) => one.key), ...found.witnesses];
	fit(found.log_keys.length, "log_keys");
	fit(found.quorum <= found.witnesses.length, "quorum");
	fit(new Set(keys.map(({ name, keyId }) => `${name} ${keyId}`)).size === keys.length, "log_keys");
	return found;
}

function parsePersonKey(raw) {
	const keys = objects(object({ from: whole, key: hex }));
	const found = object({ v: version, origin: text, keys, "leaf_1?": hex })(decode(raw));
	const starts = found.keys.map((one) => one.from);
	fit(starts[0] === 1 && starts.every((start, n) => n === 0 || start > starts[n - 1]), "keys");
	return found;
}

/** The label of entry `j` under the key of its time. */
const personLabel = (person, j) => labelOf(person.keys.findLast((one) => one.from <= j).key, j);

/** What may not exist after `n` entries: of each key in use, the number after its last. */
function nextLabels(person, n) {
	const inUse = person.keys.filter((one) => one.from <= n + 1);
	return inUse.map(({ key }, place) => labelOf(key, inUse[place + 1]?.from ?? n + 1));
}

const path = object({ "end?": object({ label: hash, leaf_hash: hash }), siblings: list(hash) });
const held = object({ field: text, party: text, since: whole, until: text, basis: text });
const questions = is(isListOf(isMap));
const statement = object({ v: version, leaf_N: hex, as_of: whole, held: objects(held), questions });
const parseBundle = (raw) => object({
	v: version,
	epoch: bytes(),
	note: text,
	epochs: (value, where, { epoch }) => [...list(bytes())(value, where), epoch].map(parseEpoch),
	openings: objects(object({ j: whole, index: whole, salt: hash, commit: hash, record: bytes() })),
	proof: list(hash),
	membership: path,
	non_membership: objects(path),
	// All its keys are known, so the object as it stands is what was read, and what is signed.
	statement: (value, where) => ({ ...statement(value, where), value }),
	signature: bytes(64),
})(decode(raw));

// --- entry: its kinds, and the keys of each

const words = (line) => line.split(" ").filter((word) => word);
/** Rows `name: words / words …` as name → [words, words, …]; an empty column counts as none. */
const table = (rows) => new Map(rows.trim().split("\n").map((row) => {
	const [name, columns] = row.split(":");
	return [name, columns.split("/").map(words).map((column) => (column.length ? column : undefined))];
}));
const ACT = "purpose actor fields forms basis rules policy";
const ACT_MAY = "party case grant evidence";

/** kind: keys that must stand / keys that may */
const SHAPES = table(`
enrolled: as
key_issued: key
key_rotated: to
notice_shown: notice version / lang naming
consented: purpose notice version
withdrawn: purpose consent
agreed: contract terms
ended: contract
stored: fields / naming source
corrected: fields
deleted: fields / naming rules
restricted: fields rule until
unrestricted: fields
case_opened: case / rules
case_closed: case / why
granted: case to
recalled: grant
attempted: channel outcome actor rules / case message broken
reached: attempt
unreachable: rules attempts
contact_asked: naming evidence
paused: why / until
resumed: pause
protected: why
unprotected: why
used: ${ACT} / ${ACT_MAY}
disclosed: ${ACT} recipient / ${ACT_MAY} until
exported: ${ACT} recipient / ${ACT_MAY}
returned: recipient fields / case
refused: reason rules actor / purpose fields case recipient count where asked
requested: right
answered: request / outcome
decided: what outcome policy / reasons
appointed: role / party
dismissed: appointment
engaged: party / until agreement purposes fields
suspended: engagement / why
closed:`);
const FIRST_KINDS = words("enrolled appointed engaged");
const USE_KINDS = words("used disclosed exported");
const COMMON = words("v kind time");
const INTEGERS = words("v time imported_time until count asked evidence");
const LISTS = words("fields forms rules basis attempts reasons broken purposes");
const REFERENCES = words("consent contract case grant attempt pause request appointment engagement");

/** The record as a plain object, if it has exactly the keys and types of its kind. */
function checkedRecord(record, where) {
	const kind = record.get("kind");
	demand(SHAPES.has(kind), "unknown_kind", `${where}.kind`);
	demand(record.get("v") === 1, "malformed", `${where}.v`);
	const [must = [], may = []] = SHAPES.get(kind);
	const needed = [...must, ...COMMON], known = [...needed, ...may, "imported_time"];
	const isRight = (key) => record.has(key) && known.includes(key);
	const [wrong] = [...needed, ...record.keys()].filter((key) => !isRight(key)).sort(byCodePoint);
	demand(wrong === undefined, "malformed", `${where}.${wrong}`);
	for (const [key, value] of record) demand(fits(kind, key, value), "malformed", `${where}.${key}`);
	return Object.fromEntries(record);
}

function fits(kind, key, value) {
	if (INTEGERS.includes(key)) return isWhole(value);
	if (LISTS.includes(key)) return isListOf((one) => isText(one) || isWhole(one))(value);
	const named = key === "case" ? ["case_opened", "refused", "returned"] : key === "contract" ? ["agreed"] : [];
	return REFERENCES.includes(key) && !named.includes(kind) ? isWhole(value) && value !== 0 : isText(value);
}

// --- purpose: what each needs

/** purpose: bases / what it needs besides / rules that a duty may cite / whose, if not a borrower's */
const PURPOSES = table(`
own_request: own_request / / / borrower contact_person
identity_check: duty / / CN.AML.34
credit_decision: consent
disbursement: contract
servicing: contract consent
reminder: contract consent
collection: contract consent / case grant
entrust_collection: contract consent / case recipient
contact_person_notice: duty / / CN.PIPL.17 / contact_person
reach_through_contact: consent / / / contact_person
credit_reporting: consent / recipient
marketing: consent
hardship: consent
aml_keep: duty / / CN.AML.34
complaint: consent contract
next_of_kin: duty / / CN.PIPL.48_50`);

// --- facts: what a chain says so far

/** Of the Python facts what `violation` asks. Numbers are of entries, 0 for none. */
const noFacts = () => ({
	n: 0, kind: "", time: 0, attempts: [], appointed: 0, engaged: 0, paused: 0, unreachable: 0, closed: 0,
	consents: new Map(), grants: new Map(), given: new Map(), restricted: new Map(),
	revoked: new Set(), contracts: new Set(), cases: new Set(),
});

/** Why this record can't be the next entry: a reason, or null. */
function violation(f, r) {
	const isFirst = FIRST_KINDS.includes(r.kind);
	if (f.n === 0 ? !isFirst : isFirst && !again(f, r.kind)) return "malformed";
	if (f.closed) return "after_closing";
	if (r.time < f.time) return "time_backwards";
	if (USE_KINDS.includes(r.kind)) return useViolation(f, r);
	return HOLDS[r.kind]?.(f, r) ?? true ? null : "malformed";
}

/** After a dismissal or a suspension. */
function again(f, kind) {
	return (kind === "appointed" && f.kind === "staff" && !f.appointed) ||
		(kind === "engaged" && f.kind === "party" && !f.engaged);
}

function useViolation(f, r) {
	const [bases, needs = [], duties, whose = ["borrower"]] = PURPOSES.get(r.purpose) || [];
	if (!bases || !whose.includes(f.kind)) return "no_basis";
	if (needs.includes("recipient") && r.kind === "used") return "malformed";
	const lacking = basisViolation(f, r, bases, duties);
	if (lacking) return lacking;
	if (r.fields.some((name) => isOnlyStored(r.purpose, f.restricted.get(name)))) return "no_basis";
	if (needs.includes("case") && !f.cases.has(r.case)) return "no_case";
	return needs.includes("grant") && !isGranted(r, f.grants.get(r.grant)) ? "no_grant" : null;
}

const isOnlyStored = (purpose, rule) =>
	rule && purpose !== "aml_keep" && (purpose !== "own_request" || rule !== "CN.PIPL.44_45");

const isGranted = (r, grant) => grant && grant.of === r.case && (grant.to === r.actor || grant.to === r.party);

function basisViolation(f, r, bases, duties) {
	const [kind, cited] = r.basis;
	const unless = (holds) => (holds ? null : "no_basis");
	if (!bases.includes(kind)) return "no_basis";
	if (kind === "own_request" && r.basis.length === 1) return unless(/^(borrower|contact)(:|$)/.test(r.actor));
	if (r.basis.length !== 2) return "no_basis";
	if (kind === "duty") return unless(duties.includes(cited));
	if (kind === "contract") return unless(f.contracts.has(cited));
	if (f.consents.get(r.purpose) === cited) return null;
	return f.revoked.has(cited) ? "after_withdrawal" : "no_basis";
}

const given = (f, r) => f.given.get(r.recipient) || new Set();

/** Of kinds that point at earlier entries: whether these fit and still stand. */
const HOLDS = {
	refused: (f, r) => (r.asked ?? 0) <= r.time,
	withdrawn: (f, r) => f.consents.get(r.purpose) === r.consent,
	ended: (f, r) => f.contracts.has(r.contract),
	case_closed: (f, r) => f.cases.has(r.case),
	granted: (f, r) => f.cases.has(r.case),
	recalled: (f, r) => f.grants.has(r.grant),
	resumed: (f, r) => f.paused === r.pause,
	reached: (f, r) => f.attempts.includes(r.attempt),
	unreachable: (f, r) => r.attempts.every((j) => f.attempts.includes(j)),
	returned: (f, r) => r.fields.every((name) => given(f, r).has(name)),
	contact_asked: (f, r) => f.unreachable === r.evidence && r.evidence !== 0,
	dismissed: (f, r) => f.appointed === r.appointment,
	suspended: (f, r) => f.engaged === r.engagement,
};

const give = (f, r) => f.given.set(r.recipient, new Set([...given(f, r), ...r.fields]));

const lift = (f, r) => r.fields.forEach((name) => f.restricted.delete(name));

function closeCase(f, r) {
	f.cases.delete(r.case);
	for (const [j, grant] of f.grants) if (grant.of === r.case) f.grants.delete(j);
}

/** What entry `j` changes in `f`, as far as a violation can depend on it. */
const STEPS = {
	enrolled: (f, r) => f.kind = r.as,
	appointed: (f, r, j) => Object.assign(f, { kind: "staff", appointed: j }),
	dismissed: (f) => f.appointed = 0,
	engaged: (f, r, j) => Object.assign(f, { kind: "party", engaged: j }),
	suspended: (f) => f.engaged = 0,
	consented: (f, r, j) => f.consents.set(r.purpose, j),
	withdrawn: (f, r) => f.consents.delete(r.purpose) && f.revoked.add(r.consent),
	agreed: (f, r, j) => f.contracts.add(j),
	ended: (f, r) => f.contracts.delete(r.contract),
	restricted: (f, r) => r.fields.forEach((name) => f.restricted.set(name, r.rule)),
	unrestricted: lift,
	deleted: (f, r) => "naming" in r || lift(f, r),
	case_opened: (f, r, j) => f.cases.add(j),
	case_closed: closeCase,
	granted: (f, r, j) => f.grants.set(j, { of: r.case, to: r.to }),
	recalled: (f, r) => f.grants.delete(r.grant),
	disclosed: give,
	exported: give,
	returned: (f, r) => r.fields.forEach((name) => given(f, r).delete(name)),
	attempted: (f, r, j) => f.attempts = [...f.attempts, j].slice(-60),
	reached: (f) => f.unreachable = 0,
	unreachable: (f, r, j) => f.unreachable = j,
	paused: (f, r, j) => f.paused = j,
	resumed: (f) => f.paused = 0,
	closed: (f, r, j) => f.closed = j,
};

const fold = (f, r, j) => (STEPS[r.kind]?.(f, r, j), Object.assign(f, { n: j, time: r.time }));

// --- signatures, steps 1 and 2

const SLACK_MS = 300000; // that clocks may differ, and an entry from its epoch

/** The checkpoint in a note that holds signatures by keys of `trust` and no others. */
async function signedCheckpoint(raw, trust, atMs) {
	const { checkpoint, signatures, signed } = orRefuse("malformed", "note", () => parseNote(raw));
	demand(checkpoint.origin === trust.origin, "unknown_signature", "note.origin");
	const { size } = checkpoint;
	const goodFor = ({ from_size, until_size = Infinity }) => from_size <= size && size <= until_size;
	const known = [...trust.log_keys.filter(goodFor).map(({ key }) => key), ...trust.witnesses];
	const bodies = new Map();
	for (const [n, one] of signatures.entries()) {
		const where = `note.signatures[${n}]`;
		const maker = known.find((key) => key.name === one.name && same(key.keyId, one.keyId));
		demand(maker, "unknown_signature", where);
		demand(await accepts(maker, signed, one.body), "bad_signature", where);
		bodies.set(maker, one.body);
	}
	demand(bodies.size === signatures.length, "malformed", "note.signatures");
	const logKey = [...bodies.keys()].find((key) => key.kind === ED25519);
	demand(logKey, "unknown_signature", "note.signatures");
	return { checkpoint, logKey, witnesses: quorum(bodies, trust, atMs) };
}

/** The witnesses whose cosignature is fresh; as many as the quorum asks, else no. */
function quorum(bodies, trust, atMs) {
	const seen = [...bodies].filter(([key]) => key.kind === COSIGNATURE)
		.map(([{ name }, body]) => ({ name, time: readU64(body, 0) }));
	demand(seen.length >= trust.quorum, "unknown_signature", "note.witnesses");
	const counted = seen.filter(({ time }) => isFresh(1000n * time, trust, atMs));
	demand(counted.length >= trust.quorum, "stale", "note.witnesses");
	return counted.map(({ name, time }) => ({ name, time: Number(time) }));
}

const isFresh = (ms, trust, atMs) => atMs - 1000 * trust.max_age <= ms && ms <= atMs + SLACK_MS;

// --- history, steps 3 to 6: one unbroken chain, all of it, in the log

const LOOK_AHEAD = 64;
const entry = (j) => `entry ${j}`;

function entriesFollow(openings) {
	demand(openings.length, "missing_entry", "entry 1");
	openings.forEach((one, place) => {
		demand(one.j <= place + 1, "missing_entry", entry(place + 1));
		demand(one.j === place + 1, "malformed", `openings[${place}].j`);
	});
}

function endsInThePersonsLabel(person, n, { end }) {
	demand(end, "missing_entry", entry(n));
	if (same(end.label, personLabel(person, n))) return;
	for (let j = n + 1; j <= n + LOOK_AHEAD; j++) {
		demand(!same(end.label, personLabel(person, j)), "missing_entry", entry(n + 1));
	}
	demand(false, "wrong_person", "membership");
}

/** The leaf hashes of all entries; each commits to its record and to the one before. */
function chain(openings, person) {
	let before = ZEROS;
	return openings.map((one) => {
		demand(same(commitOf(one, before), one.commit), "chain_broken", entry(one.j));
		before = leafHash(join([1], personLabel(person, one.j), one.commit));
		return before;
	});
}

/** Entries and epochs stand in the signed tree, which ends in the last epoch. */
function inLog({ openings, epochs, proof }, hashes, checkpoint) {
	demand(epochs.at(-1).size === checkpoint.size, "not_in_log", "epoch");
	const entries = openings.map((one, place) => [BigInt(one.index), hashes[place]]);
	const items = [...entries, ...epochs.map((one) => [one.index, leafHash(one.leaf)])];
	items.sort(([one], [other]) => (one < other ? -1 : 1));
	const root = orRefuse("not_in_log", "proof", () => multiproofRoot(items, checkpoint.size, proof));
	demand(same(root, checkpoint.root), "not_in_log", "proof");
}

/** Of each entry the epoch that closed its batch: the bundle holds it and the one before, and no others. */
function batches(openings, epochs) {
	epochs.slice(1).forEach((after, n) => {
		demand(epochs[n].number < after.number, "malformed", "epochs");
		demand(epochs[n].entries <= after.entries, "not_in_log", "epochs");
		demand(epochs[n].ms <= after.ms, "time_backwards", "epochs");
	});
	const places = openings.map((one) => placeAfter(epochs, one.index));
	const needed = new Set([epochs.length - 1]);
	places.forEach((place, n) => {
		const before = place > 0 ? epochs[place - 1].number : 0n;
		const inside = place < epochs.length && [1n, before + 1n].includes(epochs[place].number);
		demand(inside, "late_entry", entry(n + 1));
		needed.add(place).add(Math.max(place - 1, 0));
	});
	demand(needed.size === epochs.length, "malformed", "epochs");
	places.forEach((place, n) => demand(n === 0 || places[n - 1] <= place, "time_backwards", entry(n + 1)));
	return places.map((place) => epochs[place]);
}

function placeAfter(epochs, index) {
	let low = 0, high = epochs.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (epochs[middle].index > index) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** The map holds entry N, and under no key of the person the number after it. */
function allThere(bundle, hashes, person, root) {
	const n = hashes.length, last = hashes[n - 1], after = entry(n + 1);
	const held = orRefuse("not_in_log", entry(n), () => underLabel(root, personLabel(person, n), bundle.membership));
	demand(held && same(held, last), "not_in_log", entry(n));
	const absent = nextLabels(person, n), paths = bundle.non_membership;
	demand(paths.length >= absent.length, "missing_entry", after);
	demand(paths.length === absent.length, "malformed", "non_membership");
	absent.forEach((label, place) => {
		const other = orRefuse("missing_entry", after, () => underLabel(root, label, paths[place]));
		demand(!other, "missing_entry", after);
	});
	demand(same(bundle.statement.leaf_N, last), "missing_entry", "statement.leaf_N");
}

// --- lawful, steps 5 and 7

function readRecord({ j, record }) {
	const found = orRefuse("malformed", entry(j), () => decode(record));
	demand(isMap(found), "malformed", entry(j));
	return checkedRecord(found, entry(j));
}

function loggedWhenTheySay(records, closedBy) {
	records.forEach((record, n) => {
		demand(Math.abs(Number(closedBy[n].ms) - record.time) <= SLACK_MS, "late_entry", entry(n + 1));
	});
}

/** Before each later key stands the entry that names it, and no other names a key. */
function keysChangedAsTold(records, person) {
	const nameOf = (key) => toHex(sha256(join(utf8("shouxin-key/v1\0"), key)));
	const names = new Map(person.keys.slice(1).map(({ from, key }) => [from - 1, nameOf(key)]));
	records.forEach(({ kind, to }, n) => {
		demand(names.get(n + 1) === (kind === "key_rotated" ? to : undefined), "wrong_person", entry(n + 1));
	});
}

function lawful(records) {
	const facts = noFacts();
	records.forEach((record, n) => {
		const reason = violation(facts, record);
		demand(reason === null, reason, entry(n + 1));
		fold(facts, record, n + 1);
	});
}

// --- check, verdict

const MAX_BYTES = 64 * 2 ** 20;
const NAMES = words("bundle trust person");
const CANNOT_PROVE = words("secret_by_law copies_before_adoption screenshots_and_memory a_collectors_own_phone " +
	"other_lenders this_code_is_what_runs times_nobody_watched");

/**
 * Check a bundle against trust.json and person.key (Uint8Array each), as of `atMs` (ms since 1970 UTC).
 *
 * Resolves to {ok: true, verdict, entries, complete, checkpoint, witnesses, cannot_prove, records: [{j, time,
 * record}]} or {ok: false, reason, where}, whatever the bytes.
 */
async function verify(bundle, trust, person, atMs) {
	try {
		const files = [[parseBundle, bundle], [parseTrust, trust], [parsePersonKey, person]];
		return await verifyFiles(...files.map(readFile), atMs);
	} catch (error) {
		if (error instanceof Error) throw error;
		return { ok: false, reason: error.reason, where: error.where };
	}
}

function readFile([parse, raw], n) {
	const name = NAMES[n];
	demand(raw.length <= MAX_BYTES, "malformed", name);
	try {
		return parse(raw);
	} catch (error) {
		if (error instanceof Error) throw error;
		// trust.json may be laid out by hand: no byte of it is named.
		const byte = error.at === null || name === "trust" ? "" : `, byte ${error.at}`;
		throw { reason: "malformed", where: error.unfit ? `${name}.${error.unfit}` : name + byte };
	}
}

async function verifyFiles(bundle, trust, person, atMs) {
	const { openings, epochs, statement } = bundle, last = epochs.at(-1);
	// 1. The log signed this checkpoint and this statement.
	const { checkpoint, logKey, witnesses } = await signedCheckpoint(bundle.note, trust, atMs);
	const payload = utf8(`shouxin-statement/v1\0${spelt(statement.value)}`);
	demand(await isSignature(logKey, bundle.signature, payload), "bad_signature", "statement");
	// 2. It was not long ago, and the person's key is of this log.
	demand(person.origin === trust.origin, "wrong_person", "person.origin");
	demand(isFresh(last.ms, trust, atMs), "stale", "checkpoint");
	demand(isFresh(statement.as_of, trust, atMs), "stale", "statement.as_of");
	// 3. The openings are entries 1 to N of this person and commit to one another.
	entriesFollow(openings);
	endsInThePersonsLabel(person, openings.length, bundle.membership);
	const hashes = chain(openings, person);
	// 4. They and their epochs stand in the signed log.
	inLog(bundle, hashes, checkpoint);
	// 5. Each was logged when it says, and in order.
	const closedBy = batches(openings, epochs);
	const records = openings.map(readRecord);
	loggedWhenTheySay(records, closedBy);
	// 6. There is no other: not before the first or after the last, under no key of the person.
	keysChangedAsTold(records, person);
	allThere(bundle, hashes, person, last.mapRoot);
	demand(!person.leaf_1 || same(person.leaf_1, hashes[0]), "wrong_person", "entry 1");
	// 7. Every use had its basis, case and grant; none came after a withdrawal or the closing.
	lawful(records);
	const { origin, size, root } = checkpoint;
	return {
		ok: true,
		verdict: "nothing_unlawful_found",
		entries: records.length,
		complete: true,
		checkpoint: { origin, size: Number(size), root: toBase64(root), time: Number(last.ms) },
		witnesses,
		cannot_prove: person.leaf_1 ? CANNOT_PROVE : [...CANNOT_PROVE, "that_this_is_your_first_key"],
		records: records.map((record, n) => ({ j: n + 1, time: record.time, record })),
	};
}

// --- __main__: the program

async function main(args) {
	const say = (line, doc) => process.stdout.write(`${args.includes("--json") ? JSON.stringify(doc) : line}\n`);
	try {
		const options = readOptions(args);
		const files = [];
		for (const name of NAMES) files.push(await fileBytes(name, options[name]));
		const { records, ...doc } = await verify(...files, moment(options.at));
		say(asText(doc), doc);
		return doc.ok ? 0 : 1;
	} catch (error) {
		if (error instanceof Error) throw error;
		const { where, message } = error;
		say(`error: ${where}: ${message}`, { error: { code: "bad_input", where, message } });
		return 2;
	}
}

function badInput(where, message) {
	throw { where, message };
}

function readOptions(args) {
	const one = { type: "string" }, options = { trust: one, person: one, at: one, json: { type: "boolean" } };
	try {
		const { values, positionals } = require("node:util").parseArgs({ args, options, allowPositionals: true });
		if (positionals.length === 1 && values.trust) return { bundle: positionals[0], ...values };
	} catch {}
	return badInput("options", "usage: node verify.js BUNDLE --trust TRUST --person KEY");
}

/** At most one byte more than `verify` takes: it says "too long" itself. */
async function fileBytes(name, path) {
	const chunks = [];
	try {
		const file = require("node:fs").createReadStream(path, { end: MAX_BYTES, fd: path === "-" ? 0 : undefined });
		for await (const chunk of file) chunks.push(chunk);
	} catch (error) {
		badInput(name, error.code);
	}
	return join(...chunks);
}

/** Milliseconds since 1970 UTC; without a time, of now. */
function moment(time) {
	const shape = /^\d{4}-\d\d-\d\d[T ](?!24)\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/;
	const ms = time === undefined ? Date.now() : shape.test(time) ? Date.parse(time) : NaN;
	return Number.isNaN(ms) ? badInput("--at", "not a time with offset, like 2026-11-24T10:32:00+08:00") : ms;
}

function asText(doc) {
	if (!doc.ok) return `NOT VERIFIED: ${doc.reason} (${doc.where})`;
	return `witnesses: ${doc.witnesses.map((one) => one.name).join(", ") || "none"}
cannot prove: ${doc.cannot_prove.join(", ")}
VERIFIED: entries 1 to ${doc.entries}, complete; ${doc.verdict}`;
}

globalThis.shouxinVerify = { verify, sha256, hmac };
if (typeof module === "object" && module.exports) {
	module.exports = globalThis.shouxinVerify;
	if (require.main === module) main(process.argv.slice(2)).then((code) => { process.exitCode = code; });
}
})();
