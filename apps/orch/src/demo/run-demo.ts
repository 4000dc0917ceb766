export async function runDemo(_: unknown): Promise<never> { throw new Error("x"); }
