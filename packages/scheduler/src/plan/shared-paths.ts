/** Who touches what: the owners (numbers, rising) of each path. */
export type Owners = ReadonlyMap<string, readonly number[]>;

export function ownersOf(files: readonly (readonly string[])[]): Owners {
  const owners = new Map<string, number[]>();
  for (const [owner, paths] of files.entries()) {
    for (const path of new Set(paths.map(plainPath))) add(owners, path, owner);
  }
  return owners;
}

/**
 * Pairs that touch the same file, a folder counting for everything below it: of all that touch one, each with the next.
 * That is enough to join all of them, or to order all of them by number.
 */
export function* sharingPairs(owners: Owners): Generator<readonly [number, number]> {
  for (const [path, own] of owners) {
    yield* neighbours(own);
    for (const folder of foldersAbove(path)) {
      const above = owners.get(folder);
      if (above !== undefined) yield* neighbours([...new Set([...above, ...own])].sort((a, b) => a - b));
    }
  }
}

/** Asks who touches one of some files. */
export function whoTouches(owners: Owners): (files: readonly string[]) => ReadonlySet<number> {
  const below = new Map<string, number[]>();
  for (const [path, own] of owners) {
    for (const folder of foldersAbove(path)) for (const owner of own) add(below, folder, owner);
  }
  return (files) => {
    const found = new Set<number>();
    for (const path of files.map(plainPath)) {
      for (const at of [path, ...foldersAbove(path)]) for (const owner of owners.get(at) ?? []) found.add(owner);
      for (const owner of below.get(path) ?? []) found.add(owner);
    }
    return found;
  };
}

function* neighbours(owners: readonly number[]): Generator<readonly [number, number]> {
  for (let i = 1; i < owners.length; i++) yield [owners[i - 1]!, owners[i]!];
}

function add(owners: Map<string, number[]>, path: string, owner: number): void {
  const known = owners.get(path);
  if (known === undefined) owners.set(path, [owner]);
  else known.push(owner);
}

/** `src/` and `./src` are `src`. */
function plainPath(path: string): string {
  return path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
}

function* foldersAbove(path: string): Generator<string> {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) yield path.slice(0, at);
}
