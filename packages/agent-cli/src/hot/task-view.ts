import type { PrStatus, TaskRecord, TaskStatus } from "@orchard/tracker-core";

/** A task as `.progress.json` shows it. */
export interface TaskView {
  readonly status: TaskStatus;
  readonly title?: string;
  readonly layer?: number;
  readonly dependencies?: readonly string[];
  readonly inferred_dependencies?: readonly string[];
  readonly assigned_to?: string;
  readonly removed?: true;
  readonly epoch?: number;
  readonly agent?: string;
  readonly worktree_path?: string;
  readonly lane?: string;
  readonly branch?: string;
  readonly started_at?: string;
  readonly renewed_at?: string;
  readonly lease_ms?: number;
  readonly waiting_reason?: string;
  readonly completed_at?: string;
  readonly commit?: string;
  readonly no_code?: string;
  readonly landed?: string;
  readonly lost_at?: string;
  readonly pr?: string;
  readonly pr_url?: string;
  readonly pr_status?: PrStatus;
  readonly failure?: string;
  readonly notes?: TaskRecord["notes"];
  readonly status_changed_at?: string;
}
