/*
 * data.js: the reader's own device looks at the history and lights the seal, or says what is wrong.
 *
 * The server can't do this for the reader, so no page of the server holds a lit seal: its words and its
 * picture exist in this file only. Nothing is sent anywhere; the files come from the same site, or from
 * the reader's own disk. verify.js does the arithmetic (shouxinVerify); this file fetches, remembers
 * and shows.
 *
 * What the markup must hold (one box a page, words in the language of <html lang>):
 *
 *   <section class="seal-box" data-verify="box" data-mode="own | files | saved | example">
 *     data-verify="seal"      what the server drew, unlit; replaced by the outcome
 *     data-verify="start"     the button, hidden until this file runs
 *     data-verify="result"    role="status": the only live region; the outcome's details
 *     mode own:   data-bundle, data-trust (addresses) on the box;
 *                 data-verify="ask"    hidden; shown when this device has no key: in it
 *                 data-verify="key"    a file input, and a form data-verify="issue" whose answer is the key
 *                 data-verify="forget" a button, hidden unless this device keeps the key
 *     mode example: data-at, the moment (ms) as of which it is checked; its addresses stand in this file, nothing is
 *                 remembered, and its success never looks like the seal of a person's own history
 *     mode files: file inputs data-verify="bundle", "trust", "key"
 *     mode saved: <template data-verify="saved-bundle"> and "saved-trust" with base64, and the file input "key"
 *   elsewhere on the page; modes own and saved stay unlit without list, heading and counts
 *     data-verify="lead"      a sentence under the heading; replaced when the history isn't whole
 *     data-verify="heading"   its whole text is compared with what this file would say of the records
 *     data-count="used 12"    one for each of held, used, left, refused; compared as it is marked and as it is read
 *     data-verify="list"      with data-entries="35" (length of the history) and data-whole="yes" when it lists all of it
 *     data-entries="39 40" data-content="used|collector:…|…"    one line of a list, compared with the records
 *
 * The markup is the server's word, and a server may lie in it: so no attribute says as of when a person's own history
 * is checked, which memory of this device counts, or when the page was opened. A server that changes this file
 * too is not caught by it; the page says so.
 */
"use strict";

(() => {
  const box = document.querySelector("[data-verify=box]");
  if (!box) return;

  const ZH = {
    joint: "，",
    checking: "正在您的设备上验证…",
    again: "再验一次",
    whole: "完整，没有被改写",
    wholeText: (v) => `您的设备刚刚算过：${v.entries} 条记录全部吻合。`,
    example: "示例算得通",
    exampleText: (v) => `您的设备刚刚算过一个虚构借款人的 ${v.entries} 条记录。这和您自己的数据无关，也不证明什么。`,
    signed: (v) => (v.witnesses.length ? `检查点的签名对，${v.witnesses.length} 家见证方联署` : "检查点的签名对；还没有见证方联署"),
    sequence: (v) => `${v.entries} 条记录逐条吻合，次序没有断，都是当时写下的`,
    hidden: (v) => `没有藏起来的第 ${v.entries + 1} 条`,
    lawful: "每一次使用都有根据、案件和授权",
    firstKey: "钥匙就是登记时的那一把，从您的第一条开始",
    lendersKey: "钥匙是我们补发的一份：它对得上这份记录，但证明不了它就是您的第一把",
    page: (c, n) => `这一页的数目（存着 ${c.held} 项，用过 ${c.used} 次，给出 ${c.left} 次，拦下 ${c.refused} 次）${n ? `和它列出的 ${n} 条的种类、字段` : ""}，就是验证过的记录里的；句子的措辞没有比对`,
    heading: (c) => (c.used || c.left || c.refused ? `用过 ${c.used} 次，给出 ${c.left} 次，拦下 ${c.refused} 次` : "还没有人用过您的数据"),
    newer: (n) => `打开这一页以后又多了 ${n} 条；刷新就能看到`,
    before: (when) => `和这台设备上次（${when}）看到的接得上`,
    several: (n, print) => `这台设备记得 ${n} 把钥匙；这一次用的是 ${print} 那一把`,
    script: "这段脚本也是我们的网站给的：网站要是连脚本一起换掉，靠它自己查不出来。请把验证程序另存一份，用它来验：",
    scriptLink: "公开日志与验证程序",
    notReached: "没有再往下验",
    stepSigned: "检查点的签名",
    stepSequence: "记录逐条吻合",
    stepHidden: "没有藏起来的记录",
    stepKey: "钥匙",
    stepPage: "这一页和记录一致",
    stepBefore: "和这台设备上次看到的接得上",
    foot: (v, when, ms) => `检查点 #${v.checkpoint.size} · ${when} · 用时 ${ms} 毫秒`,
    keep: "把钥匙留在这台设备上",
    keepText: "下次按一下就能验。钥匙只存在这个浏览器里，不发给我们；别人也用这台设备，就不要留。",
    kept: "钥匙留下了。",
    forgotten: "这台设备上的钥匙已经删掉。",
    entryWrong: (n) => `第 ${n} 条对不上`,
    notWhole: "没有验证通过",
    ours: "问题出在我们这边或者下载途中，不是您的操作。",
    lead: "验证没有通过。下面写的先别当作证明。",
    found: (n) => `记录是完整的，但第 ${n} 条有问题`,
    foundOurs: "这是我们的错，不是您的。记录本身没有被改动，可以作证据。",
    retry: "重新下载，再验一次",
    other: "换一份文件，再验一次",
    save: "保存这份结果，交给见证方",
    saveText: "里面只有编号、时间和哈希，没有您的个人信息。",
    next: "现在可以做什么",
    steps: [
      "重新下载再验。下载途中损坏的，会在这一步消失。",
      "把结果交给见证方或者监管部门。他们可以用自己的那份日志判断是谁错了。",
      "留着证据包。即使我们之后改了说法，它也不会变。",
    ],
    old: "检查点太旧",
    oldText: (days) => `这份证据说的是过去：检查点最多 ${days} 天有效。请取一份新的再验。`,
    oldOwn: (days) => `刚下载的检查点已经超过 ${days} 天，或者这台设备的时钟不准。时钟没错的话，问题在我们这边：请稍后再验，还这样就把结果交给见证方。`,
    unsupported: "这个浏览器太旧，验不了",
    unsupportedText: "需要 Chrome 137、Firefox 129、Safari 17 或更新的版本。也可以下载证据包，在电脑上用命令验证，或者交给任何人验。",
    unfetched: "现在取不到文件",
    unfetchedText: "没有网络，或者登录已经过期。什么也没有丢；保存过的离线页不用网络也能验。",
    missing: "还差文件",
    missingText: "请把每一个文件都选上，再验一次。",
    askKey: "这台设备上还没有您的钥匙",
    askKeyText: "请在下面选登记时保存的 person.key，或者向我们再领一份。",
    wrongFile: "这不是上次那把钥匙",
    wrongFileText: "您选的文件和这台设备上次用的不是同一把。选错了就换一个；没有选错，就请把两份都留好，交给见证方。",
    somebodyElse: "这台设备以前是别人在用：用我自己的钥匙验",
    somebodyElseText: "只有这台设备上以前验的确实是别人的记录时，才按这个。",
    reasons: {
      malformed: "文件的写法不对，或者被改动过。",
      bad_signature: "日志的签名不对。",
      unknown_signature: "有一个签名来自不认识的钥匙。",
      not_in_log: "有记录不在签过名的日志里。",
      late_entry: "这一条写进日志的时间，和它自己说的不一样。",
      chain_broken: "这一条和前后的记录接不上：被改过、换过或者删掉了。",
      missing_entry: "记录不全，后面还有没交出来的。",
      wrong_person: "这不是这把钥匙的记录，或者不是从您的第一条开始。",
      no_basis: "这次使用没有根据。",
      no_case: "这次使用没有案件。",
      no_grant: "这次使用没有授权。",
      after_withdrawal: "这次使用发生在您撤回同意以后。",
      after_closing: "这一条写在档案注销以后。",
      time_backwards: "记录的时间倒走了。",
      unknown_kind: "有一种不认识的记录。",
      other_key: "这次的钥匙或者记录，和这台设备上次验过的不是同一个人的。",
      other_log: "用来验签名的公钥换了，或者要求放松了，和这台设备上次看到的不同。",
      smaller: "这次的日志比上次的短：日志只会变长，不会变短。",
      fork: "同样长的日志，内容却和上次不同：日志分叉了，我们给不同的人看了不同的东西。",
      fewer: "您的记录比上次少了。",
      rewritten: "上次最后的那一条，这次换了样子。",
      page_differs: "这一页写的，和验证过的记录不一样。",
    },
  };

  const EN = {
    joint: " ",
    checking: "Verifying on your device…",
    again: "Verify again",
    whole: "Whole, and not rewritten",
    wholeText: (v) => `Your device has just worked it out: all ${v.entries} entries agree.`,
    example: "The made-up example agrees",
    exampleText: (v) => `Your device has just worked out the ${v.entries} entries of a made-up borrower. It says nothing of your own data.`,
    signed: (v) => (v.witnesses.length ? `The checkpoint's signature is right; witnesses that cosigned: ${v.witnesses.length}` : "The checkpoint's signature is right; no witness cosigns yet"),
    sequence: (v) => `${v.entries} entries agree one by one, in order, each logged when it says`,
    hidden: (v) => `There is no hidden entry ${v.entries + 1}`,
    lawful: "Every use had its basis, case and grant",
    firstKey: "The key is the one of your enrolment; it begins with your first entry",
    lendersKey: "The key is a copy that we issued: it fits this history, but can't prove that it is your first key",
    page: (c, n) => `The numbers on this page (${c.held} fields held, used ${c.used}×, left ${c.left}×, refused ${c.refused}×)${n ? ` and the kinds and fields of the entries on it (${n})` : ""} are those of the verified records; the wording of its sentences was not compared`,
    heading: (c) => (c.used || c.left || c.refused ? `Used ${c.used}×, left ${c.left}×, refused ${c.refused}×` : "Nobody has used your data"),
    newer: (n) => `Entries added since you opened this page: ${n}; reload to see them`,
    before: (when) => `It continues what this device saw last time (${when})`,
    several: (n, print) => `This device remembers ${n} keys; the one used now is ${print}`,
    script: "This script comes from our site too: a site that changed the script as well can't be caught by it. Keep the verifier saved elsewhere and use that:",
    scriptLink: "the log and the verifier",
    notReached: "not reached",
    stepSigned: "Signature of the checkpoint",
    stepSequence: "Entries agree one by one",
    stepHidden: "No hidden entries",
    stepKey: "The key",
    stepPage: "This page agrees with the records",
    stepBefore: "It continues what this device saw last time",
    foot: (v, when, ms) => `checkpoint #${v.checkpoint.size} · ${when} · took ${ms} ms`,
    keep: "Keep the key on this device",
    keepText: "Then one press will do next time. The key stays in this browser and is not sent to us; don't keep it on a device that others use.",
    kept: "The key is kept.",
    forgotten: "The key was removed from this device.",
    entryWrong: (n) => `Entry ${n} does not agree`,
    notWhole: "Not verified",
    ours: "The fault is ours, or of the download; it is nothing that you did.",
    lead: "It did not verify. Don't take what stands below as proved.",
    found: (n) => `The history is whole, but entry ${n} is wrong`,
    foundOurs: "This is our fault, not yours. The history itself was not changed and can serve as evidence.",
    retry: "Download again and verify",
    other: "Verify other files",
    save: "Save this result for a witness",
    saveText: "It holds numbers, times and hashes, and nothing personal.",
    next: "What you can do now",
    steps: [
      "Download and verify again. Damage on the way goes away with this.",
      "Give the result to a witness or a regulator. With their own copy of the log they can tell who is wrong.",
      "Keep the evidence file. Whatever we say later, it does not change.",
    ],
    old: "The checkpoint is old",
    oldText: (days) => `This evidence speaks of the past: a checkpoint counts for ${days} days at most. Fetch a new one and verify again.`,
    oldOwn: (days) => `The checkpoint was fetched just now and is over ${days} days old, or this device's clock is wrong. If the clock is right, the fault is ours: try again later, and if it stays, give the result to a witness.`,
    unsupported: "This browser is too old to verify",
    unsupportedText: "It takes Chrome 137, Firefox 129, Safari 17 or later. Or download the evidence file and verify it on a computer by command, or let anyone else do it.",
    unfetched: "The files can't be fetched now",
    unfetchedText: "There is no network, or your session has ended. Nothing is lost; a saved offline page verifies without a network.",
    missing: "A file is missing",
    missingText: "Choose every file and verify again.",
    askKey: "Your key is not on this device yet",
    askKeyText: "Below, choose the person.key that you saved when you enrolled, or have a copy issued.",
    wrongFile: "This is not the key of last time",
    wrongFileText: "The file that you chose is another key than this device used last time. If it is the wrong file, choose another; if not, keep both and give them to a witness.",
    somebodyElse: "Somebody else used this device before: verify with my own key",
    somebodyElseText: "Press this only if the history verified on this device before really was another person's.",
    reasons: {
      malformed: "A file is not well formed, or was changed.",
      bad_signature: "The log's signature is wrong.",
      unknown_signature: "A signature comes from an unknown key.",
      not_in_log: "An entry is not in the signed log.",
      late_entry: "This entry was logged at another time than it says.",
      chain_broken: "This entry does not fit the ones around it: it was changed, swapped or taken out.",
      missing_entry: "Entries are missing; there are more that were not handed over.",
      wrong_person: "This is not the history of this key, or does not begin with your first entry.",
      no_basis: "This use had no basis.",
      no_case: "This use had no case.",
      no_grant: "This use had no grant.",
      after_withdrawal: "This use came after you withdrew your consent.",
      after_closing: "This entry came after the file was closed.",
      time_backwards: "Time runs backwards between entries.",
      unknown_kind: "There is a kind of entry that nobody knows.",
      other_key: "The key or the history of this time is not the one that this device verified last time.",
      other_log: "The public key that signatures are checked with was replaced, or asks for less, than what this device saw last time.",
      smaller: "The log is shorter than last time: a log only grows.",
      fork: "The log is as long as last time and says something else: it was forked, and different people were shown different things.",
      fewer: "Your history has fewer entries than last time.",
      rewritten: "The entry that was the last one last time is another one now.",
      page_differs: "This page says something else than the verified records.",
    },
  };

  const words = document.documentElement.lang.toLowerCase().startsWith("zh") ? ZH : EN;
  const mode = box.dataset.mode;
  const part = (name) => box.querySelector(`[data-verify="${name}"]`);
  const seal = part("seal");
  const result = part("result");
  const start = part("start");

  // ---------------------------------------------------------------- drawing, with text nodes only

  const SVG = "http://www.w3.org/2000/svg";

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function picture(size, css, ...paths) {
    const made = document.createElementNS(SVG, "svg");
    const about = { viewBox: `0 0 ${size} ${size}`, class: css, "aria-hidden": "true", focusable: "false" };
    for (const [key, value] of Object.entries(about)) made.setAttribute(key, value);
    for (const [name, attributes] of paths) {
      const shape = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
      made.append(shape);
    }
    return made;
  }

  const SOLID = { fill: "currentColor" };
  const LINE = { fill: "none", "stroke-width": "5", "stroke-linecap": "round", "stroke-linejoin": "round" };
  const SEALS = {
    whole: [
      ["rect", { x: "2", y: "2", width: "64", height: "64", rx: "10", ...SOLID }],
      ["rect", { x: "7", y: "7", width: "54", height: "54", rx: "6", fill: "none", class: "s-surface", "stroke-width": "1.5" }],
      ["path", { d: "M21 35l9 9 18-20", class: "s-surface", ...LINE }],
    ],
    example: [
      ["circle", { cx: "34", cy: "34", r: "31", stroke: "currentColor", ...LINE, "stroke-width": "2.5" }],
      ["path", { d: "M22 28h24M22 40h24", stroke: "currentColor", ...LINE, "stroke-width": "4" }],
    ],
    broken: [
      ["path", { d: "M12 2h24l-7 15 9 11-8 13 7 11-6 14H12A10 10 0 0 1 2 56V12A10 10 0 0 1 12 2z", ...SOLID }],
      ["path", { d: "M43 2h13a10 10 0 0 1 10 10v44a10 10 0 0 1-10 10H38l6-14-7-11 8-13-9-11z", ...SOLID }],
    ],
    old: [
      ["rect", { x: "3", y: "3", width: "62", height: "62", rx: "10", stroke: "currentColor", ...LINE }],
      ["path", { d: "M34 17v18l11 8", stroke: "currentColor", ...LINE }],
    ],
    unknown: [
      ["rect", { x: "3", y: "3", width: "62", height: "62", rx: "10", stroke: "currentColor", "stroke-dasharray": "6 6", fill: "none", "stroke-width": "2.5" }],
      ["path", { d: "M26 27a8 8 0 1 1 11 7c-2 1-3 3-3 5v2", stroke: "currentColor", ...LINE, "stroke-width": "4" }],
      ["circle", { cx: "34", cy: "49", r: "2.6", ...SOLID }],
    ],
  };
  const TICKS = { ok: "M4 12.5l5 5L20 7", no: "M6 6l12 12M18 6L6 18", off: "M6 12h12" };

  function tick(state, text, more) {
    const stroke = { stroke: "currentColor", fill: "none", "stroke-width": "2.5", "stroke-linecap": "round" };
    const said = element("span", {}, state === "no" ? element("b", {}, text) : text);
    if (more) said.append(element("br", {}), element("span", { class: "seal-foot" }, more));
    return element("li", { class: state }, picture(24, "icon", ["path", { d: TICKS[state], ...stroke }]), said);
  }

  /** `kind`: whole, example, broken, old, unknown. Everything that the server drew in the seal's place goes. */
  function show(kind, title, text, ...details) {
    box.classList.remove("is-checking", "is-whole", "is-example", "is-broken", "is-old", "is-unknown");
    box.classList.add(`is-${kind}`);
    const heading = element("h2", { id: "seal-title" }, title);
    seal.replaceChildren(
      element("div", { class: "seal-head" }, picture(68, "seal", ...SEALS[kind]), element("div", {}, heading, element("p", {}, text))),
    );
    // The live region holds the outcome too, so that it is read out and not only seen.
    const aloud = element("p", { class: "hidden-words" }, `${title}. ${text}`);
    result.replaceChildren(aloud, ...details);
    if (part("ask")) part("ask").hidden = true;
    // Where the details hold the next step, a second button for it would only be in the way.
    start.className = kind === "unknown" ? "btn prove full no-print" : "btn second full no-print";
    start.hidden = details.some((one) => one.dataset.again === "yes");
    ready(kind === "broken" ? words.other : words.again);
  }

  function ready(label) {
    box.removeAttribute("aria-busy");
    start.removeAttribute("aria-disabled");
    start.textContent = label;
  }

  function busy() {
    box.setAttribute("aria-busy", "true");
    box.classList.add("is-checking");
    start.setAttribute("aria-disabled", "true"); // not `disabled`: it must keep the focus
    start.textContent = words.checking;
  }

  function moment(ms) {
    const how = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    if (box.dataset.zone) how.timeZone = box.dataset.zone;
    return new Intl.DateTimeFormat(words === ZH ? "zh-CN" : "en-GB", how).format(new Date(ms));
  }

  // ---------------------------------------------------------------- what this device remembers

  /*
   * One slot for each key, named by the key's print. The browser keeps slots by origin; which of them counts is found
   * by the key in hand, never by a name that the page gives.
   */
  const SLOT = "shouxin.2.";
  const MINDED = mode === "own" || (mode === "saved" && location.protocol.startsWith("http"));

  /** [{print, size, root, entries, tip, at, trust, key?}]: each of the last time that all was whole, newest first. */
  function memories() {
    if (!MINDED) return [];
    try {
      const slots = Object.keys(localStorage).filter((name) => name.startsWith(SLOT));
      return slots.map((name) => JSON.parse(localStorage.getItem(name))).sort((one, other) => other.at - one.at);
    } catch {
      return []; // storage is off: then every time is the first
    }
  }

  /** What is remembered of this key; {} if nothing is. */
  const remembered = (print) => memories().find((one) => one.print === print) || {};

  function remember(print, more) {
    if (mode !== "own") return;
    try {
      localStorage.setItem(SLOT + print, JSON.stringify({ ...remembered(print), ...more, print }));
    } catch {
      // Storage is off or full; the verdict of today stands all the same.
    }
  }

  const text = (bytes) => new TextDecoder().decode(bytes);

  /** A name for a ledger key that tells nothing of it: the hash of 32 random bytes. */
  async function printOf(key) {
    const first = JSON.parse(text(key)).keys[0].key;
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`shouxin-device/v1 ${first}`));
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Does `now` ask for no less than `before` did, of the same log and keys? */
  function keepsTo(before, now) {
    const kept = before.log_keys.every((old) => now.log_keys.some((one) => one.key === old.key && one.from_size === old.from_size));
    const watched = before.witnesses.every((one) => now.witnesses.includes(one));
    return before.origin === now.origin && kept && watched && now.quorum >= before.quorum && now.max_age <= before.max_age;
  }

  /** Why the log isn't the continuation of the one in `memory`, which may be of another key; null if it is. */
  function leaves(memory, verdict, trust) {
    const { size, root } = verdict.checkpoint;
    if (!keepsTo(JSON.parse(memory.trust), JSON.parse(text(trust)))) return { reason: "other_log", where: "trust" };
    if (size === memory.size && root !== memory.root) return { reason: "fork", where: `checkpoint ${size}` };
    return size < memory.size ? { reason: "smaller", where: `checkpoint ${size} < ${memory.size}` } : null;
  }

  /** Why what is verified today isn't the continuation of what was verified before with this key; null if it is. */
  function breaksWith(memory, verdict, bundle, trust) {
    for (const one of memories()) {
      const left = leaves(one, verdict, trust);
      if (left) return left;
    }
    if (!memory.size) return null;
    if (verdict.entries < memory.entries) return { reason: "fewer", where: `${verdict.entries} < ${memory.entries}` };
    const last = bundle.openings[memory.entries - 1].commit;
    return last === memory.tip ? null : { reason: "rewritten", where: `entry ${memory.entries}` };
  }

  // ---------------------------------------------------------------- what this page says

  /** As usecases/oversight/history_of.py spells it. */
  function content(record) {
    const named = ["kind", "actor", "recipient", "purpose", "reason"].map((key) => record[key] || "");
    return [...named, (record.fields || []).join(",")].join("|");
  }

  const VERB_OF = { used: "used", disclosed: "left", exported: "left", refused: "refused" };

  /** The four counts, as usecases/oversight/history_of.py counts them. */
  function counted(records) {
    const held = new Set();
    const counts = { held: 0, used: 0, left: 0, refused: 0 };
    for (const { record } of records) {
      if (VERB_OF[record.kind]) counts[VERB_OF[record.kind]] += 1;
      if (record.naming) continue; // about somebody whom the person named
      if (record.kind === "stored" || record.kind === "corrected") record.fields.forEach((name) => held.add(name));
      if (record.kind === "deleted") record.fields.forEach((name) => held.delete(name));
    }
    return { ...counts, held: held.size };
  }

  const bare = (said) => said.replace(/\s+/g, "");

  /** The numbers that a text holds, without what parts their thousands. */
  const numbers = (said) => said.replace(/(\d)[,\u00a0\u202f](?=\d{3})/g, "$1").match(/\d+/g) || [];

  /** Which of the page's numbers isn't the records'; "" if all are. What should be marked and isn't differs too. */
  function miscounted(counts) {
    const heading = document.querySelector("[data-verify=heading]");
    if (!heading || bare(heading.textContent) !== bare(words.heading(counts))) return "heading";
    const missing = new Set(Object.keys(counts));
    for (const one of document.querySelectorAll("[data-count]")) {
      const [verb, n] = one.dataset.count.split(" ");
      const read = numbers(one.textContent);
      if (n !== String(counts[verb]) || read.length !== 1 || read[0] !== n) return `count ${verb}`;
      if (!heading.contains(one)) missing.delete(verb);
    }
    return missing.size ? `count ${[...missing][0]}` : "";
  }

  /** The first entry that a line of the page tells otherwise, or 0; `seen` gets those that are told. */
  function mistold(records, seen) {
    for (const line of document.querySelectorAll("[data-content]")) {
      for (const n of (line.dataset.entries || "").split(" ").map(Number)) {
        const found = records[n - 1];
        if (!found || content(found.record) !== line.dataset.content) return n || 1;
        seen.add(n);
      }
    }
    return 0;
  }

  const CLOCKS = 60_000; // a device's clock may be this far (ms) from the server's

  /** By the device's own clock; a saved page is as old as its bundle, which is signed. */
  const opened = (bundle) => (mode === "own" ? performance.timeOrigin : bundle.statement.as_of);

  /** {differs: where, lines, newer, counts}: does the page say what the records say? null where it needn't say anything. */
  function compared(verdict, bundle) {
    if (mode !== "own" && mode !== "saved") return null;
    const list = document.querySelector("[data-verify=list]");
    const claimed = list ? Number(list.dataset.entries) : NaN;
    if (!(claimed >= 0 && claimed <= verdict.entries)) return { differs: "list" };
    const first = verdict.records[claimed]; // the oldest that the page doesn't know
    if (first && first.record.time < opened(bundle) - CLOCKS) return { differs: `entry ${claimed + 1}` };
    const seen = new Set();
    const wrong = mistold(verdict.records, seen);
    if (wrong) return { differs: `entry ${wrong}` };
    for (let n = 1; list.dataset.whole === "yes" && n <= claimed; n++) if (!seen.has(n)) return { differs: `entry ${n}` };
    const counts = counted(verdict.records.slice(0, claimed));
    return { differs: miscounted(counts), lines: seen.size, newer: verdict.entries - claimed, counts };
  }

  // ---------------------------------------------------------------- the files

  class Unfetched extends Error {}
  class NoFile extends Error {}
  class NoKey extends Error {}

  async function fetched(address) {
    const how = { cache: "no-store", credentials: "same-origin", redirect: "error" };
    try {
      const answer = await fetch(address, how);
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    } catch {
      // No network, or a redirect to the sign-in: the same advice.
    }
    throw new Unfetched();
  }

  async function chosen(name) {
    const input = part(name);
    if (!input || !input.files.length) throw name === "key" ? new NoKey() : new NoFile();
    return new Uint8Array(await input.files[0].arrayBuffer());
  }

  function saved(name) {
    return Uint8Array.from(atob(part(name).content.textContent.trim()), (letter) => letter.charCodeAt(0));
  }

  /** The key in hand: issued or chosen just now, else the one that this device keeps. */
  let inHand = null;
  /** Whether the reader pressed that they are another person than the ones whom this device remembers. */
  let asOther = false;
  /** The print of the key that the last check was made with. */
  let current = "";

  /** More than one only if this device keeps several: then the history says whose it is. */
  async function keysInHand() {
    if (inHand) return [inHand];
    const input = part("key");
    if (input && input.files.length) return [{ bytes: await chosen("key"), from: "file" }];
    const kept = memories().filter((one) => one.key);
    if (!kept.length || asOther) throw new NoKey();
    return kept.map((one) => ({ bytes: new TextEncoder().encode(one.key), from: "device" }));
  }

  const EXAMPLE = ["bundle.json", "trust.json", "person.key"].map((name) => `/example/${name}`);

  async function files() {
    if (mode === "own") {
      const keys = await keysInHand(); // first: issuing one writes an entry, which the bundle must hold
      return { keys, bundle: await fetched(box.dataset.bundle), trust: await fetched(box.dataset.trust) };
    }
    if (mode === "example") {
      const [bundle, trust, key] = await Promise.all(EXAMPLE.map(fetched));
      return { keys: [{ bytes: key, from: "file" }], bundle, trust };
    }
    const keys = [{ bytes: await chosen("key"), from: "file" }];
    if (mode === "saved") return { keys, bundle: saved("saved-bundle"), trust: saved("saved-trust") };
    return { keys, bundle: await chosen("bundle"), trust: await chosen("trust") };
  }

  // ---------------------------------------------------------------- the check

  async function check() {
    if (box.getAttribute("aria-busy")) return;
    busy();
    try {
      await checked(await files());
    } catch (error) {
      if (error instanceof Unfetched) return show("unknown", words.unfetched, words.unfetchedText);
      if (error instanceof NoFile) return show("unknown", words.missing, words.missingText);
      if (!(error instanceof NoKey)) throw error;
      if (mode !== "own") return show("unknown", words.missing, words.missingText);
      show("unknown", words.askKey, words.askKeyText);
      asking();
    }
  }

  function asking() {
    if (part("ask")) part("ask").hidden = false;
    part("key").focus();
  }

  /** The verdict with the first key that the history is of; with the first key of all if it is of none. */
  async function judged({ keys, bundle, trust }) {
    const at = mode === "example" ? Number(box.dataset.at) || Date.now() : Date.now();
    const verdicts = [];
    for (const key of keys) {
      const verdict = await globalThis.shouxinVerify.verify(bundle, trust, key.bytes, at);
      if (verdict.ok) return { key, verdict };
      verdicts.push(verdict);
    }
    return { key: keys[0], verdict: verdicts[0] };
  }

  async function checked(held) {
    const began = performance.now();
    const { key, verdict } = await judged(held);
    const took = performance.now() - began;
    const { bundle, trust } = held;
    box.dataset.took = took.toFixed(1); // for whoever measures
    if (!verdict.ok) {
      const another = key.from === "device" && verdict.reason === "wrong_person";
      return another ? refused({ reason: "other_key", where: verdict.where }, held, somebodyElse()) : refused(verdict, held);
    }
    if (mode === "example") return exemplary(verdict, took);
    const print = await printOf(key.bytes);
    const memory = remembered(print);
    current = print;
    if (memories().length && !memory.print && !asOther) {
      if (key.from !== "file") return refused({ reason: "other_key", where: "person.key" }, held, somebodyElse());
      show("old", words.wrongFile, words.wrongFileText, somebodyElse());
      return asking();
    }
    const document_ = JSON.parse(text(bundle));
    const broken = breaksWith(memory, verdict, document_, trust);
    if (broken) return refused(broken, held);
    const page = compared(verdict, document_);
    if (page && page.differs) return refused({ reason: "page_differs", where: page.differs }, held);
    const { size, root } = verdict.checkpoint;
    remember(print, { size, root, trust: text(trust), entries: verdict.entries, tip: document_.openings.at(-1).commit, at: Date.now() });
    whole(verdict, { memory, page, took, key });
  }

  /** A way on for a second person on one device, which takes a press of its own; it never passes over another log. */
  function somebodyElse() {
    const button = element("button", { type: "button", class: "btn second full" }, words.somebodyElse);
    button.addEventListener("click", () => {
      asOther = true;
      check();
    });
    return element("div", { class: "st-s" }, button, element("p", { class: "small soft" }, words.somebodyElseText));
  }

  const worked = (verdict) => [
    tick("ok", words.signed(verdict)),
    tick("ok", words.sequence(verdict)),
    tick("ok", words.hidden(verdict)),
    tick("ok", words.lawful),
  ];

  const footOf = (verdict, took) =>
    element("p", { class: "seal-foot" }, words.foot(verdict, moment(verdict.checkpoint.time), Math.max(1, Math.round(took))));

  function exemplary(verdict, took) {
    const ticks = element("ul", { class: "ticks", role: "list" }, ...worked(verdict));
    show("example", words.example, words.exampleText(verdict), ticks, footOf(verdict, took));
  }

  function whole(verdict, { memory, page, took, key }) {
    const proved = !verdict.cannot_prove.includes("that_this_is_your_first_key");
    const ticks = element("ul", { class: "ticks", role: "list" }, ...worked(verdict));
    ticks.append(proved ? tick("ok", words.firstKey) : tick("off", words.lendersKey));
    if (page) ticks.append(tick("ok", words.page(page.counts, page.lines)));
    if (page && page.newer) ticks.append(tick("off", words.newer(page.newer)));
    if (memory.size) ticks.append(tick("ok", words.before(moment(memory.at))));
    if (memories().length > 1) ticks.append(tick("off", words.several(memories().length, current.slice(0, 8))));
    show("whole", words.whole, words.wholeText(verdict), ticks, footOf(verdict, took), ...keeping(key));
  }

  /** The offer to keep the key, which takes a press of its own. */
  function keeping(key) {
    if (mode !== "own" || remembered(current).key) return [];
    const print = current;
    const button = element("button", { type: "button", class: "btn second full" }, words.keep);
    const offer = element("div", { class: "st-s" }, button, element("p", { class: "small soft" }, words.keepText));
    button.addEventListener("click", () => {
      remember(print, { key: text(key.bytes) });
      offer.replaceChildren(element("p", {}, words.kept));
      forgetting();
    });
    return [offer];
  }

  const STEPS = {
    signed: ["malformed", "bad_signature", "unknown_signature", "stale"],
    sequence: ["not_in_log", "late_entry", "chain_broken", "time_backwards", "unknown_kind", "after_closing"],
    hidden: ["missing_entry", "fewer", "smaller", "fork", "rewritten", "other_log"],
    key: ["wrong_person", "other_key"],
  };
  const FOUND = ["no_basis", "no_case", "no_grant", "after_withdrawal"];
  const DEVICE = ["other_log", "smaller", "fork", "fewer", "rewritten", "other_key", "page_differs"];

  function refused(verdict, held, ...more) {
    const { reason, where } = verdict;
    if (reason === "unsupported") return show("unknown", words.unsupported, words.unsupportedText);
    if (reason === "stale") return stale(held, verdict);
    const entry = /^entry (\d+)/.exec(where);
    const found = FOUND.includes(reason);
    const title = found ? words.found(entry[1]) : entry ? words.entryWrong(entry[1]) : words.notWhole;
    const lead = document.querySelector("[data-verify=lead]");
    if (lead && !found) lead.textContent = words.lead;
    const said = `${words.reasons[reason]}${words.joint === " " ? " " : ""}${found ? words.foundOurs : words.ours}`;
    show("broken", title, said, steps(reason, where, entry), ...more, ...ways(verdict, held));
  }

  /** What is known to hold, what failed, what was not reached: no tick is given for what was not checked. */
  function steps(reason, where, entry) {
    const after = DEVICE.includes(reason) || FOUND.includes(reason);
    const failed = `${reason} (${where})`;
    const failing = entry && reason === "malformed" ? "sequence" : Object.keys(STEPS).find((name) => STEPS[name].includes(reason));
    const line = (name, label) => {
      if (name === failing && !DEVICE.includes(reason)) return tick("no", label, failed);
      const holds = after || (name === "signed" && failing !== "signed");
      return holds ? tick("ok", label) : tick("off", `${label}: ${words.notReached}`);
    };
    const list = element("ul", { class: "ticks", role: "list" });
    list.append(line("signed", words.stepSigned), line("sequence", words.stepSequence));
    list.append(line("hidden", words.stepHidden), line("key", words.stepKey));
    if (FOUND.includes(reason)) list.append(tick("no", words.lawful, failed));
    if (reason === "page_differs") list.append(tick("no", words.stepPage, failed));
    else if (DEVICE.includes(reason)) list.append(tick("no", words.stepBefore, failed));
    return list;
  }

  function stale({ trust, bundle }, verdict) {
    const days = Math.round(JSON.parse(text(trust)).max_age / 86400);
    const said = mode === "own" ? words.oldOwn(days) : words.oldText(days);
    show("old", words.old, said, ...(mode === "own" ? ways(verdict, { bundle }).slice(0, 1) : []));
  }

  /** Download again; save the result for somebody else; what to do. */
  function ways(verdict, { bundle }) {
    const first = [];
    if (mode === "own") {
      const again = element("button", { type: "button", class: "btn full" }, words.retry);
      again.addEventListener("click", check);
      first.push(again);
    }
    const keep = element("button", { type: "button", class: "btn second full" }, words.save);
    keep.addEventListener("click", () => download("result.json", JSON.stringify(report(verdict, bundle), null, 2)));
    const list = element("ol", { class: "numbers" }, ...words.steps.map((one) => element("li", {}, one)));
    return [
      element("div", { class: "st-s", "data-again": first.length ? "yes" : "no" }, ...first, keep, element("p", { class: "small soft" }, words.saveText)),
      element("div", { class: "st-s" }, element("h3", {}, words.next), list),
    ];
  }

  /** Numbers, times and hashes: the signed note as far as it can be read, and no record. */
  function report({ reason, where }, bundle) {
    const about = { v: 1, ok: false, reason, where, at: new Date().toISOString() };
    const [memory] = [remembered(current), ...memories()].filter((one) => one.size);
    if (memory) about.last_time = { size: memory.size, root: memory.root, at: new Date(memory.at).toISOString() };
    try {
      about.note = JSON.parse(text(bundle)).note;
    } catch {
      about.note = ""; // what arrived isn't even JSON
    }
    return about;
  }

  function download(name, said) {
    const address = URL.createObjectURL(new Blob([said], { type: "application/json" }));
    const link = element("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    URL.revokeObjectURL(address);
  }

  // ---------------------------------------------------------------- buttons

  function forgetting() {
    const forget = part("forget");
    if (forget) forget.hidden = !memories().some((one) => one.key);
  }

  async function issued(event) {
    event.preventDefault();
    const form = event.currentTarget;
    try {
      const how = { method: "POST", body: new FormData(form), cache: "no-store", credentials: "same-origin", redirect: "error" };
      const answer = await fetch(form.action, how);
      if (!answer.ok) throw new Unfetched();
      inHand = { bytes: new Uint8Array(await answer.arrayBuffer()), from: "issued" };
    } catch {
      form.removeEventListener("submit", issued);
      form.submit(); // the server asks for what is lacking, such as a fresh code, on a page of its own
      return;
    }
    check();
  }

  /** Said by this file and not by the page, which could leave it out. */
  function aboutThisScript() {
    return element("p", { class: "small soft no-print" }, words.script, " ", element("a", { href: "/log" }, words.scriptLink));
  }

  if (mode === "own" || mode === "files") box.append(aboutThisScript());
  start.hidden = false;
  start.addEventListener("click", check);
  if (mode === "own") {
    if (part("issue")) part("issue").addEventListener("submit", issued); // without a fresh code there is a link instead
    part("key").addEventListener("change", () => {
      inHand = null;
      check();
    });
    part("forget").addEventListener("click", () => {
      const mine = remembered(current).key ? [remembered(current)] : memories();
      for (const { key, ...rest } of mine) localStorage.setItem(SLOT + rest.print, JSON.stringify(rest));
      forgetting();
      result.replaceChildren(element("p", {}, words.forgotten));
    });
    forgetting();
  }
})();
