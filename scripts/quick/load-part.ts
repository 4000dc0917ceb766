import { readFileSync } from "node:fs";
import { Script } from "node:vm";

/** A part of a quick program as it is written: the body of a module, in a function that gets what Node gives a script. */
type Part = (exports: object, require: (id: string) => unknown, module: Module, file: string, folder: string) => void;

interface Module {
  exports: object;
}

/**
 * Loads parts of a program that lie in `folder`, each once and with all that it needs. `require` is for everything that
 * is no part of it.
 */
export function partLoader(
  folder: string,
  require: (id: string) => unknown,
  compile: (file: string) => Script = compiledBefore,
): (name: string) => object {
  const loaded = new Map<string, Module>();
  const load = (name: string): object => {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const file = `${folder}/${name}`;
    const module: Module = { exports: {} };
    loaded.set(name, module);
    const part = compile(file).runInThisContext() as Part;
    part(module.exports, (id) => (id.startsWith("./") ? load(id.slice(2)) : require(id)), module, file, folder);
    return module.exports;
  };
  return load;
}

/** What V8 made of a part before lies beside it; where that is missing or of another Node, the part is compiled. */
function compiledBefore(file: string): Script {
  const source = readFileSync(file, "utf8");
  try {
    return new Script(source, { filename: file, cachedData: readFileSync(compiledOf(file)) });
  } catch {
    return new Script(source, { filename: file });
  }
}

/** Where it is kept what V8 made of a part. */
export function compiledOf(file: string): string {
  return `${file.slice(0, -".js".length)}.compiled`;
}
