import { LONGEST_ID, whyNotAnId } from "@orchard/kernel";

/**
 * A name for each lane out of the id of its first item, so that what changes elsewhere in a plan renames nothing. Every one
 * is a lane id, and none is `taken` or given twice: a number then follows.
 */
export function laneNames(firstItems: readonly string[], taken: Iterable<string>): readonly string[] {
  const used = new Set(taken);
  return firstItems.map((item) => {
    const plain = plainName(item);
    let name = plain;
    for (let n = 2; used.has(name); n++) name = `${withoutEnd(plain.slice(0, LONGEST_ID - 7))}-${n}`;
    used.add(name);
    return name;
  });
}

function plainName(item: string): string {
  const name = withoutEnd(
    item
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/\.{2,}/g, ".")
      .replace(/-{2,}/g, "-")
      .replace(/^[.-]+/, "")
      .slice(0, LONGEST_ID),
  );
  if (whyNotAnId(name, "lower case") === undefined) return name;
  return `work-${withoutEnd(name.replaceAll(".", "-").slice(0, LONGEST_ID - 5))}`.replace(/-$/, "");
}

function withoutEnd(name: string): string {
  return name.replace(/[.-]+$/, "");
}
