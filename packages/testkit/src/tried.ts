/** Notes how often a test causes its fault, for the table of `npm run proof`. */
export function tried(test: { readonly meta: object }, times: number): void {
  Object.assign(test.meta, { tried: times });
}
