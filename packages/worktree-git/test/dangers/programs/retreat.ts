import { parseOid, retreatCheckout } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", from = "", to = ""] = process.argv.slice(2);
await retreatCheckout(await reopen(path), { worktree: path, from: parseOid(from), to: parseOid(to) });
