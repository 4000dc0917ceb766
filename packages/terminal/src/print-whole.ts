/** Writes all of `text`, also into a pipe; somebody who stopped reading is no error. */
export async function printWhole(stream: NodeJS.WriteStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.once("error", (error: NodeJS.ErrnoException) => (error.code === "EPIPE" ? resolve() : reject(error)));
    stream.write(text, () => resolve());
  });
}
