// Makes pictures of a recorded demo (what util-linux `script` wrote) with svg-term: the middle of the move, and the end.
const fs = require("fs");
const path = require("path");
const { render } = require("svg-term");

const [typescript, folder] = process.argv.slice(2);
const WIDTH = 120;

// `script` writes a line of its own before and after what the program wrote.
const raw = fs.readFileSync(typescript, "utf8");
const text = raw.slice(raw.indexOf("\n") + 1, raw.lastIndexOf("\nScript done on "));
if (!text.includes("migration completed")) {
  throw new Error("the demo did not complete: there is nothing to draw\n" + text.slice(-2000));
}

// The screen is drawn in place: each drawing begins where the cursor went up to. A picture is one of them, without the blanks that it ends with.
const drawings = text.split(/\u001b\[\d+A/).filter(d => d.includes("\u256d")).map(d => d.replace(/[ \u00a0]+(?=\r?\n|$)/g, "").replace(/(\r?\n)+$/, "\r\n"));
const tidy = drawing => drawing.replace(/(\r?\n){3,}/g, "\r\n\r\n");
const pictures = {
  "demo-moving.svg": tidy(drawings.filter(d => /^[^\n]*MovingPrimary/.test(d)).at(-1)),
  "demo-end.svg": tidy(drawings.at(-1)),
};

// svg-term makes a film; a picture is its last frame, standing still. Not every viewer plays films, and a reader wants to read.
function still(film) {
  const frames = [...film.matchAll(/<svg x="\d+">((?:<use [^>]*><\/use>)*)<\/svg>/g)];
  const [first, last] = [frames[0], frames.at(-1)];
  return (film.slice(0, first.index) + `<svg x="0">${last[1]}</svg>` + film.slice(last.index + last[0].length))
    .replace(/<style data-emotion-css="[^"]* animation-[^"]*">[^<]*<\/style>/g, "");
}

for (const [name, drawing] of Object.entries(pictures)) {
  const height = drawing.split("\n").length;
  const cast = [JSON.stringify({ version: 2, width: WIDTH, height }), JSON.stringify([0, "o", drawing]), JSON.stringify([1, "o", ""])].join("\n");
  const svg = still(render(cast, { at: 0, window: true, cursor: false, paddingX: 2, paddingY: 1, height }));
  fs.writeFileSync(path.join(folder, name), svg + "\n");
  console.log(`${path.join(folder, name)}: ${height} lines, ${svg.length} bytes`);
}
