import { badObjectId } from "./errors.ts";

declare const brand: unique symbol;

/** A full object id: 40 hex digits (SHA-1) or 64 (SHA-256), lower case. It can never be read as an option. */
export type Oid = string & { readonly [brand]: "oid" };

const FULL_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Whether `text` is a full object id, of either format; that there is such an object is not said. */
export function isOid(text: string): text is Oid {
  return FULL_ID.test(text);
}

/** Throws `BAD_OBJECT_ID` (exit 2) unless `text` is a full object id. */
export function parseOid(text: string): Oid {
  if (isOid(text)) return text;
  throw badObjectId(text);
}

/** The id that git writes where there is no object. */
export function zeroOid(format: ObjectFormat): Oid {
  return "0".repeat(format === "sha256" ? 64 : 40) as Oid;
}

/** The hash that names a repository's objects. */
export type ObjectFormat = "sha1" | "sha256";
