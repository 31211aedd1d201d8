"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const make = (name, words, kind) => {
    const node = document.createElement(name);
    if (words !== undefined) node.textContent = words;
    if (kind) node.className = kind;
    return node;
  };
  const packed = Uint8Array.from(atob($("content").textContent.trim()), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(unpacked).text());
  const clock = (ms) => {
    if (ms === null) return "no time";
    const all = Math.round(ms / 1000);
    return `${Math.floor(all / 60)} min ${all % 60} s`;
  };
  // kinds of values as people call them; the others by their own words: EMAIL_ADDRESS -> email address
  const kinds = { PERSON: "name of a person", INCOMING: "words of others", RARE_NAME: "rare program or site", NRP: "group of people", private: "private window or listed site" };
  const events = { focus: "window", pointer: "mouse", key: "keys", field: "input field" };
  const count = (number) => number.toLocaleString("en");
  const nameOf = (kind) => kinds[kind] || kind.toLowerCase().replaceAll("_", " ");
  const partsOf = (moment, side) => moment.texts.flatMap((text) => text[side]).filter((part) => Array.isArray(part));
  const isChanged = (moment) => moment.dropped || moment.deleted || partsOf(moment, "before").length > 0 || partsOf(moment, "after").length > 0;

  // what is shown: all moments, or those in which something went
  let shown = data.moments;
  let at = 0;
  let timer = null;

  const fill = (box, moment, side) => {
    box.replaceChildren();
    for (const text of moment.texts) {
      if (!text[side].length) continue;
      box.append(make("h4", text.name));
      const words = make("p");
      for (const part of text[side]) {
        if (Array.isArray(part)) {
          const mark = make(side === "before" ? "del" : "ins", part[0], side === "before" ? "gone" : "new");
          mark.title = nameOf(part[1]);
          words.append(mark);
        } else words.append(part);
      }
      box.append(words);
    }
    if (side === "before" && moment.deleted) {
      box.append(make("h4", "Typed and deleted again, found all the same"));
      const words = make("p");
      for (const part of moment.deleted) words.append(make("del", part[0], "gone"), " ");
      box.append(words);
    }
    if (side === "after" && moment.dropped) box.append(make("p", `Dropped whole: ${moment.dropped} events become this one row.`));
    if (!box.childNodes.length) box.append(make("p", "(no words)"));
  };

  const show = () => {
    const moment = shown[at];
    $("at").max = String(Math.max(0, shown.length - 1));
    $("at").value = String(at);
    for (const id of ["remove", "from"]) $(id).disabled = !moment;
    if (!moment) {
      $("when").textContent = "There is no moment to show.";
      return;
    }
    const what = [events[moment.kind] || moment.kind.replace("_", " "), moment.action].filter(Boolean).join(", ");
    const words = `Moment ${count(at + 1)} of ${count(shown.length)}: ${what}. Recorded at ${clock(moment.at)}, released at ${clock(moment.to)}.`;
    $("when").textContent = words;
    $("at").setAttribute("aria-valuetext", `${at + 1}, ${what}`);
    fill($("before"), moment, "before");
    fill($("after"), moment, "after");
    const why = [...(moment.deleted || []), ...partsOf(moment, "before")].map((part) => `${part[0]}: ${nameOf(part[1])}, ${part[3]}; ${part[2]}`);
    if (partsOf(moment, "after").some((part) => part[1] === "RARE_NAME")) why.push("other: too few people use an application or site of this name for it to be released");
    if (moment.dropped) why.push("This application or site is on the list of those that are never released");
    $("why").replaceChildren(...[...new Set(why)].map((line) => make("li", line)));
    if (!why.length) $("why").append(make("li", "Nothing personal was found here."));
  };
  const go = (to) => {
    at = Math.min(Math.max(0, to), Math.max(0, shown.length - 1));
    show();
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    $("play").textContent = "Play";
    $("play").setAttribute("aria-pressed", "false");
  };
  $("back").onclick = () => go(at - 1);
  $("next").onclick = () => go(at + 1);
  $("at").oninput = () => go(Number($("at").value));
  $("play").onclick = () => {
    if (timer !== null) return stop();
    $("play").textContent = "Stop";
    $("play").setAttribute("aria-pressed", "true");
    timer = setInterval(() => (at + 1 < shown.length ? go(at + 1) : stop()), 900);
  };
  $("only").onchange = () => {
    const here = shown[at];
    shown = $("only").checked ? data.moments.filter(isChanged) : data.moments;
    go(Math.max(0, shown.indexOf(here)));
  };

  // wishes: kept in this page until they are saved
  const wishes = { format: "keyveil-wishes-1", user: data.user, session: data.session, remove: [], private: [] };
  const stretches = [];
  let start = null;
  const list = () => {
    const entries = [
      ...wishes.remove.map((item, place) => [`Take out ${stretches[place]}`, wishes.remove, item]),
      ...wishes.private.map((word) => [`Private: ${word}`, wishes.private, word]),
    ];
    $("wishes").replaceChildren(
      ...entries.map(([words, from, item]) => {
        const line = make("li", `${words} `);
        const undo = make("button", "Take back");
        undo.type = "button";
        undo.setAttribute("aria-label", `Take back: ${words}`);
        undo.onclick = () => {
          if (from === wishes.remove) stretches.splice(from.indexOf(item), 1);
          from.splice(from.indexOf(item), 1);
          list();
          $("told").textContent = "Taken back.";
          $("word").focus();
        };
        line.append(undo);
        return line;
      }),
    );
    $("save").disabled = !entries.length;
  };
  const remove = (first, last) => {
    const [one, two] = data.moments.indexOf(first) <= data.moments.indexOf(last) ? [first, last] : [last, first];
    wishes.remove.push({ from_seq: Math.min(one.seqs[0], two.seqs[0]), to_seq: Math.max(one.seqs[1], two.seqs[1]) });
    const numbers = [one, two].map((moment) => data.moments.indexOf(moment) + 1);
    const when = one.at === null || two.at === null ? "" : ` (recorded at ${clock(one.at)}${one === two ? "" : ` to ${clock(two.at)}`})`;
    stretches.push(one === two ? `moment ${numbers[0]}${when}` : `moments ${numbers[0]} to ${numbers[1]}${when}`);
    list();
    $("told").textContent = "Added to your wishes. Save the file when you are done.";
  };
  $("remove").onclick = () => remove(shown[at], shown[at]);
  $("from").onclick = () => {
    start = shown[at];
    $("until").disabled = false;
    $("told").textContent = "The stretch starts at this moment. Go to its end and press: Remove from there to here.";
  };
  $("until").onclick = () => {
    remove(start, shown[at]);
    $("until").disabled = true;
    $("from").focus();
  };
  $("words").onsubmit = (event) => {
    event.preventDefault();
    const word = $("word").value.trim();
    if (word.length < 2) {
      $("told").textContent = "Write two letters or more.";
      return;
    }
    if (!wishes.private.includes(word)) wishes.private.push(word);
    $("word").value = "";
    list();
    $("told").textContent = "Added to your wishes. Save the file when you are done.";
  };
  $("save").onclick = () => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([`${JSON.stringify(wishes, null, 1)}\n`], { type: "application/json" }));
    link.download = "wishes.json";
    link.click();
    URL.revokeObjectURL(link.href);
    $("told").textContent = "Saved as wishes.json. Hand it to your contact. Theirs to do: keyveil run --wishes wishes.json";
  };

  // tables
  const table = (names, rows) => {
    const made = make("table");
    const head = made.createTHead().insertRow();
    for (const [place, name] of names.entries()) {
      const cell = make("th", name, rows.length && rows.every((row) => typeof row[place] === "number") ? "n" : "");
      cell.scope = "col";
      head.append(cell);
    }
    const body = made.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const [place, value] of row.entries()) {
        const cell = make("td", typeof value === "number" ? count(value) : String(value), typeof value === "number" ? "n" : String(value).length > 40 ? "long" : "");
        cell.dataset.label = names[place];
        line.append(cell);
      }
    }
    return made;
  };
  $("entities").append(table(["Kind", "Found by", "How sure", "Places"], data.entities.map(([kind, ...rest]) => [nameOf(kind), ...rest])));
  $("outcomes").append(table(["Events", "Kept", "Replaced", "Merged", "Dropped", "Set aside"], data.outcomes.map(([kind, ...rest]) => [events[kind] || kind, ...rest])));
  let first = 0;
  const page = 100;
  const showRows = () => {
    const rows = data.rows.slice(first, first + page);
    const used = data.columns.filter((name) => rows.some((row) => name in row));
    const cell = (value) => (value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : value);
    $("rows").replaceChildren(table(used, rows.map((row) => used.map((name) => cell(row[name])))));
    $("rows-words").textContent = `Rows ${count(Math.min(first + 1, data.rows.length))} to ${count(first + rows.length)} of ${count(data.total.rows)}; columns without a value are left out.`;
    $("rows-back").disabled = first === 0;
    $("rows-next").disabled = first + page >= data.rows.length;
  };
  $("rows-back").onclick = () => { first -= page; showRows(); };
  $("rows-next").onclick = () => { first += page; showRows(); };
  showRows();

  // drawings
  const draw = (svg, name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    svg.append(node);
  };
  const largest = (points, place) => points.reduce((most, point) => Math.max(most, point[place]), 1);
  const scale = (points) => {
    const [wide, high] = [largest(points, 0), largest(points, 1)];
    return points.map(([x, y]) => `${((x / wide) * 400).toFixed(1)},${((y / high) * 240).toFixed(1)}`).join(" ");
  };
  if (data.clock.length) {
    draw($("clock"), "polyline", { points: scale(data.clock), transform: "matrix(1 0 0 -1 0 240)" });
    const last = data.clock[data.clock.length - 1];
    $("clock-words").textContent = `Recorded: ${clock(last[0])}. Released: ${clock(last[1])}. Released times are drawn from how people type, not from you; breaks and your rhythm are gone.`;
    $("clock-axes").textContent = `From left to right: time as recorded, 0 to ${clock(largest(data.clock, 0))}. From bottom to top: time as released, 0 to ${clock(largest(data.clock, 1))}.`;
  } else $("clock-words").textContent = "This recording has no times.";
  const [across, down] = [0, 1].map((place) => Math.round(largest(data.pointer.before, place)));
  $("pointer-axes").textContent = data.pointer.before.length ? `The way of your pointer as recorded, ${across} by ${down} pixels of the screen.` : "No pointer was recorded.";
  if (data.pointer.before.length) draw($("pointer-before"), "polyline", { points: scale(data.pointer.before) });
  for (const [left, top, right, bottom] of data.pointer.after) {
    draw($("pointer-after"), "rect", { x: left * 0.04, y: top * 0.024, width: (right - left) * 0.04, height: (bottom - top) * 0.024 });
  }

  const kept = data.moments.length < data.total.moments ? ` The page holds the first ${data.moments.length} moments.` : "";
  const aside = data.withheld.length ? ` This session would be set aside whole and not released: ${data.withheld.join("; ")}.` : "";
  const unread = data.unreadable ? ` ${data.unreadable} events could not be read and would not be released.` : "";
  const out = data.taken_out ? ` ${count(data.taken_out)} more events lie in a pause, or were taken out: no release holds them, and this page does not either.` : "";
  $("about").textContent = `${count(data.total.events)} events were recorded: keys, clicks, windows, screens. A release would hold ${count(data.total.rows)} rows.${out}${kept}${aside}${unread}`;
  $("statement").textContent = data.statement;
  list();
  show();
  document.documentElement.dataset.ready = "true";
})();
