import { join } from "node:path";
import { Application, type DeclarationReflection, Logger, LogLevel, ReflectionKind, TypeDocReader } from "typedoc";

export interface ApiReading {
  /** `package name` of every export that has no docstring. */
  readonly undocumented: readonly string[];
  /** What the docstrings say that cannot be shown: links that lead nowhere and the like. */
  readonly complaints: readonly string[];
  readonly exports: number;
}

/** Reads the exports of every library that `scripts/typedoc.json` lists. Nothing is written. */
export async function readExports(scripts: string): Promise<ApiReading> {
  const app = await Application.bootstrap({ options: join(scripts, "typedoc.json") }, [new TypeDocReader()]);
  const complaints = new Complaints();
  app.logger = complaints;
  const project = await app.convert();
  if (project === undefined) throw new Error(`The libraries could not be read.\n${complaints.told.join("\n")}`);
  app.validate(project);
  const exported = (project.children ?? []).flatMap((room) => (room.children ?? []).map((one) => ({ room, one })));
  const undocumented = exported.filter(({ one }) => !isDocumented(one));
  return {
    undocumented: undocumented.map(({ room, one }) => `${room.name.replace(/\/src$/, "")} ${one.name}`),
    complaints: complaints.told,
    exports: exported.length,
  };
}

class Complaints extends Logger {
  readonly told: string[] = [];

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.told.push(message);
  }
}

function isDocumented(one: DeclarationReflection): boolean {
  if (one.kind === ReflectionKind.Reference || one.hasComment()) return true;
  const inType = one.type?.type === "reflection" ? one.type.declaration.signatures : undefined;
  return [...(one.signatures ?? []), ...(inType ?? [])].some((signature) => signature.hasComment());
}
