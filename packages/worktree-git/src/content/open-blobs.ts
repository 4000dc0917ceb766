import { openObjectReader } from "../git/object-reader.ts";
import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";

/** Reads the content of many files through one running git; ends with it. */
export interface Blobs extends Disposable {
  /** `undefined` when there is no such content. */
  read(oid: Oid): Promise<Buffer | undefined>;
}

/** Opens the objects of a repository for reading; end it by `using`. */
export async function openBlobs({ door }: Repository): Promise<Blobs> {
  const reader = openObjectReader(await door.hubPlace());
  return {
    read: async (oid) => {
      const found = await reader.read(oid);
      return found?.type === "blob" ? found.content : undefined;
    },
    [Symbol.dispose]: () => reader[Symbol.dispose](),
  };
}
