import type { Oid } from "../object-id.ts";
import type { CommitInfo, Person } from "../repository/repository.ts";

/** Reads a commit object as `git cat-file commit` prints it. */
export function parseCommit(oid: Oid, bytes: Buffer): CommitInfo {
  const end = bytes.indexOf("\n\n");
  const head = bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
  const message = end === -1 ? "" : bytes.toString("utf8", end + 2);
  const lines = head.split("\n");
  const fieldOf = (key: string) => lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? "";
  const author = parseStamp(fieldOf("author"));
  const committer = parseStamp(fieldOf("committer"));
  const paragraph = message.replace(/^\n+/, "").split(/\n\s*\n/)[0] ?? "";
  return {
    oid,
    tree: fieldOf("tree") as Oid,
    parents: lines.filter((line) => line.startsWith("parent ")).map((line) => line.slice(7) as Oid),
    author: author.person,
    authoredAt: author.at,
    committer: committer.person,
    committedAt: committer.at,
    subject: paragraph.trim().replace(/\s*\n\s*/g, " "),
    body: message
      .replace(/^\n+/, "")
      .slice(paragraph.length)
      .replace(/^\s*\n/, "")
      .replace(/^\n+|\n+$/g, ""),
  };
}

/** `Name <email> 1700000000 +0100` */
function parseStamp(text: string): { readonly person: Person; readonly at: string } {
  const found = /^(.*?) ?<([^>]*)> (-?\d+) ([+-])(\d\d)(\d\d)$/.exec(text);
  if (found === null) return { person: { name: text, email: "" }, at: "" };
  const [, name = "", email = "", seconds, sign, hours = "00", minutes = "00"] = found;
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const local = new Date((Number(seconds) + offset * 60) * 1000);
  const time = Number.isNaN(local.getTime()) ? "" : local.toISOString().slice(0, 19);
  return { person: { name, email }, at: `${time}${offset === 0 ? "Z" : `${sign}${hours}:${minutes}`}` };
}

/** Seconds since 1970 of a commit object's committer; 0 where it has none that can be read. */
export function commitTime(content: Buffer): number {
  return Number(/\ncommitter [^\n]*> (-?\d+) [+-]\d{4}\n/.exec(content.toString("latin1"))?.[1] ?? 0);
}
