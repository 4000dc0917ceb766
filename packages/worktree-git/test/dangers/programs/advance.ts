import { advanceCheckout, parseOid } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", from = "", to = ""] = process.argv.slice(2);
const repo = await reopen(path);
const outcome = await advanceCheckout(repo, { worktree: path, from: parseOid(from), to: parseOid(to) });
console.log(JSON.stringify(outcome));
