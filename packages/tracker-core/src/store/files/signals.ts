/** A sync of the segment failed, now or earlier: it is recovered before anybody goes on. Never leaves the store. */
export class SegmentPoisoned extends Error {
  override readonly name = "SegmentPoisoned";
}

/** The segment that we work on is no longer where it was: we begin again from the newest fold. Never leaves the store. */
export class SegmentGone extends Error {
  override readonly name = "SegmentGone";
  readonly path: string;

  constructor(path: string) {
    super(`${path} is gone`);
    this.path = path;
  }
}
