/**
 * Ids for tasks that have none, made from the title and not from the place: a line put in above must not give one
 * task's progress to another.
 */
export class IdGuesses {
  readonly #times = new Map<string, number>();

  /** `layerLabel` of a layer (`0`), so that equal titles in two layers stay apart. */
  guess(title: string, layerLabel: string | undefined): string {
    const start = layerLabel === undefined ? "task" : `L${layerLabel}`;
    const base = `${start}-${slugOf(title)}`;
    const times = (this.#times.get(base) ?? 0) + 1;
    this.#times.set(base, times);
    return times === 1 ? base : `${base}-${times}`;
  }
}

function slugOf(title: string): string {
  const words =
    title
      .slice(0, 400)
      .toLowerCase()
      .match(/[a-z0-9]{1,24}/g) ?? [];
  let slug = "";
  for (const word of words) {
    if (slug.length + word.length > LONGEST_SLUG) break;
    slug += slug === "" ? word : `-${word}`;
  }
  return /[a-z]{2}/.test(slug) && isMostlyLatin(title) ? slug : hashOf(title);
}

/** A title in another script shares its few latin words (file names, say) with many others. */
function isMostlyLatin(title: string): boolean {
  const start = title.slice(0, 400);
  return (start.match(/[^\u0000-\u024f]/g) ?? []).length * 3 < start.length;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

const LONGEST_SLUG = 40;
