import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/**
 * A person whose editors save copies of a file over and over, until somebody ends it: `saver.ts <file> <copy>…`. One
 * editor empties the file and writes it in two pieces, the other puts a whole new file in its place.
 */
const [file = "", ...copies] = process.argv.slice(2);
const texts = copies.map((copy) => readFileSync(copy));
for (let save = 0; ; save++) {
  const text = texts[save % texts.length] ?? Buffer.alloc(0);
  if (save % 3 === 0) replace(text);
  else rewrite(text);
  if (save === 0) process.stdout.write("saving\n");
  await setTimeout(10);
}

function rewrite(text: Buffer): void {
  const descriptor = openSync(file, "w");
  const half = Math.floor(text.length / 2);
  writeSync(descriptor, text, 0, half);
  writeSync(descriptor, text, half);
  closeSync(descriptor);
}

function replace(text: Buffer): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
