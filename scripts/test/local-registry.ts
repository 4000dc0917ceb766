import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { create } from "tar";

/** A package that can be installed from the registry. */
export interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: () => Buffer;
}

/**
 * A package registry on loopback that knows `published` and nothing else, so that installing asks no network. Ends when
 * it is disposed of.
 */
export async function localRegistry(
  published: readonly Published[],
): Promise<AsyncDisposable & { readonly url: string }> {
  const byName = Map.groupBy(published, ({ manifest }) => manifest.name);
  const server = createServer((request, response) => {
    const [name = "", version] = decodeURIComponent(request.url ?? "/")
      .slice(1)
      .split("/-/");
    const versions = byName.get(name) ?? [];
    const asked = versions.find(({ manifest }) => `${manifest.version}.tgz` === version);
    if (version === undefined && versions.length > 0) response.end(JSON.stringify(packument(name, versions, url())));
    else if (asked === undefined) response.writeHead(404).end("{}");
    else response.end(asked.tarball());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  function url(): string {
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  }
  return {
    url: url(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Every package that pnpm installed below `root` is offered as it lies there. */
export function installedPackages(root: string): readonly Published[] {
  const store = join(root, "node_modules/.pnpm");
  return readdirSync(store)
    .filter((entry) => entry.includes("@"))
    .flatMap((entry) => packageFolders(join(store, entry, "node_modules")))
    .map((folder) => ({ manifest: readManifest(folder), tarball: () => packed(folder) }));
}

/** A package as it was packed: `folder` is what the tarball at `path` unpacks to. */
export function packedPackage(path: string, folder: string): Published {
  return { manifest: readManifest(folder), tarball: () => readFileSync(path) };
}

/** Folders that hold a package of their own; a link leads to another package's. */
function packageFolders(modules: string): readonly string[] {
  const folders = readdirSync(modules).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(modules, name)).map((each) => join(name, each)) : [name],
  );
  return folders.map((name) => join(modules, name)).filter(isPackage);
}

function isPackage(folder: string): boolean {
  return lstatSync(folder).isDirectory() && readdirSync(folder).includes("package.json");
}

function readManifest(folder: string): Published["manifest"] {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Published["manifest"];
}

function packed(folder: string): Buffer {
  const files = readdirSync(folder).filter((name) => name !== "node_modules");
  const how = { cwd: folder, prefix: "package", gzip: true, portable: true, sync: true } as const;
  const pack = create({ ...how, linkCache: new Forgetful() }, files);
  return pack.read() ?? Buffer.alloc(0);
}

/** pnpm keeps equal files as one; in a tarball each stands for itself, since npm unpacks no links. */
class Forgetful extends Map<never, never> {
  override get(): undefined {
    return undefined;
  }
}

/** What npm asks first: every version of a package, each with where its tarball is. */
function packument(name: string, published: readonly Published[], registry: string): object {
  const versions = published.map(({ manifest }): [string, object] => {
    const tarball = `${registry}${name}/-/${manifest.version}.tgz`;
    return [manifest.version, { ...manifest, dist: { tarball } }];
  });
  return { name, "dist-tags": { latest: versions.at(-1)?.[0] }, versions: Object.fromEntries(versions) };
}
