import { landedRef, type Oid, type RefName, type Repository } from "@orchard/worktree-git";
import { unknownBase } from "../errors.ts";

/** The commit up to which work has landed; the ref is made at the base's tip the first time. Throws `BASE_MISSING`. */
export async function ensureLanded(repository: Repository, base: RefName): Promise<Oid> {
  const ref = landedRef(base);
  const landed = await repository.resolve(ref);
  if (landed !== undefined) return landed;
  const tip = await repository.resolve(base);
  if (tip === undefined) throw unknownBase(base.replace(/^refs\/heads\//, ""));
  await repository.moveRef(ref, tip, "absent", "orch: landed work starts here");
  return ensureLanded(repository, base);
}
