/** The sample of the layered dialect, as people write it by hand. */
export const LAYERED = `# layered-tasks.md

## Layer 1: Foundation (Informational - Not Blocking)
These are high-priority tasks with no dependencies

- [ ] T031 @claude RunRecord model
      Dependencies: None
      Blocks: T038, T047, T058

- [x] T032 @claude StepRecord model
      Dependencies: None
      Blocks: T047

- [ ] T034 @copilot Settings
- [ ] T037 @qwen Clock

## Layer 2: Infrastructure
Wait for Layer 1 ONLY if your task depends on it

**Dependencies**: Layer 1 complete

- [ ] T038 @claude HTTP client
      Dependencies: T034, T037 (REQUIRED before starting)
      Blocks: T051

- [ ] T047 @claude Store
- [ ] T051 @copilot CATS adapter
      Dependencies: T038, T047

### @copilot (Architecture) - 3 tasks
- [ ] T057-T059 Adapters

### Stream A (@qwen)
- [~] T060: Retry logic
`;

/** A task list in spec-kit's form, with what people put around it. */
export const SPECKIT = `# Tasks: Export

**Prerequisites**: plan.md, spec.md

## Format: \`[ID] [P?] [Story] Description\`

- **[P]**: Can run in parallel
- [P] tasks = different files, no dependencies

## Phase 1: Setup

- [x] T001 Create the package in src/
- [x] T002 [P] Configure the linter

## Phase 2: Foundational (Blocking Prerequisites)

- [ ] T003 Model in src/model.ts

**Checkpoint**: ready

## Phase 3: User Story 1 - Export (Priority: P1) 🎯 MVP

- [ ] T004 [P] [US1] Test in test/export.test.ts
- [ ] T005 [P] [US1] Test in test/format.test.ts
- [ ] T006 [US1] Service in src/export.ts (depends on T004, T005)
- [ ] T007 [US1] Command in src/cli.ts

## Phase 4: User Story 2 - Import (Priority: P2)

- [ ] T008 [US2] Service in src/import.ts

## Phase 5: Polish

- [ ] T009 [P] Docs
- [ ] T010 Release

## Dependencies & Execution Order

- **Setup (Phase 1)**: No dependencies - can start immediately
- **Foundational (Phase 2)**: Depends on Setup completion - BLOCKS all user stories
- **User Stories (Phase 3+)**: All depend on Foundational phase completion
- **Polish (Final Phase)**: Depends on all desired user stories being complete

## Parallel Example: User Story 1

\`\`\`bash
- [ ] T004 [US1] Test in test/export.test.ts
Task: T099 in a fence
\`\`\`
`;
