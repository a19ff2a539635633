/**
 * Records what happens to a challenge in the audit, counts it for metrics, and publishes that it changed. Every factor is counted
 * here, so that a new one joins without a line of its own.
 */
import type { Audit, AuditEvent, AuditFacts } from '../../audit.ts';
import type { Labels, Metrics } from '../../ports/metrics.ts';
import type { Notifier } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import { deviceTopic } from '../push/device-topic.ts';
import { challengeTopic } from '../challenge-state/keys.ts';
import type { ChallengeRecord } from '../challenge-state/record.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

/** The side an event comes from: `browser`, `carrier`, `device`, `system`. */
export type ChallengeActor = 'browser' | 'carrier' | 'device' | 'system';

interface ChallengeEventsDeps {
  readonly audit: Audit;
  readonly notifier: Notifier;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

type Counted = Labels<'sallyport_attempts_total'>;

/** How an event of a challenge is counted. Absent: it is no end of an attempt. */
const outcomes: Readonly<Partial<Record<AuditEvent['event'], Counted['outcome']>>> = {
  'challenge.passed': 'passed',
  'challenge.answered': 'wrong',
  'challenge.denied': 'denied',
  'challenge.ended': 'ended',
};

export class ChallengeEvents {
  readonly #deps: ChallengeEventsDeps;

  constructor(deps: ChallengeEventsDeps) {
    this.#deps = deps;
  }

  /** Resolves once the event is durable. */
  async record(
    event: AuditEvent['event'],
    outcome: AuditEvent['outcome'],
    { record, contents }: Pick<LoadedChallenge, 'record' | 'contents'>,
    actor: ChallengeActor,
    facts: AuditFacts = {},
  ): Promise<void> {
    await this.#deps.audit({ ...eventOf({ record, contents }, actor, facts), event, outcome });
    const counted = event === 'challenge.answered' && outcome === 'refused' ? 'waiting' : outcomes[event];
    if (counted !== undefined) this.count(counted, { record, contents });
  }

  /** Counts a step of a challenge, and how long the right answer took. */
  count(outcome: Counted['outcome'], { record, contents }: Pick<LoadedChallenge, 'record' | 'contents'>): void {
    const { metrics, clock } = this.#deps;
    const { factor, begunAt } = record;
    metrics.count('sallyport_attempts_total', { purpose: purposeOf(record, contents), factor, outcome });
    // Another node may have begun it by a clock that is ahead.
    if (outcome === 'passed')
      metrics.observe('sallyport_answer_seconds', { factor }, Math.max(0, clock() - begunAt) / 1000);
  }

  /** Wakes the pages that watch this challenge, on every node, and the open authenticators that are asked. */
  async publish({ boundTo, via, userId }: Pick<ChallengeRecord, 'boundTo' | 'via' | 'userId'>): Promise<void> {
    const { notifier } = this.#deps;
    await notifier.publish(challengeTopic(boundTo));
    if (via === 'push') await notifier.publish(deviceTopic(userId));
  }
}

/** What each event of a challenge states: the person, the sign-in, and from where it was asked for. */
export const eventOf = (
  {
    record,
    contents,
  }: {
    readonly record: Pick<ChallengeRecord, 'userId' | 'factor'>;
    readonly contents: Pick<LoadedChallenge['contents'], 'request'>;
  },
  actor: ChallengeActor,
  facts: AuditFacts,
): Omit<AuditEvent, 'event' | 'outcome'> => {
  const { userId: subject, factor } = record;
  const { reference, client, address } = contents.request;
  const from = address === undefined ? {} : { address };
  return { actor, subject, reference, client, ...from, factor, ...facts };
};

const purposeOf = (
  { purpose }: LoadedChallenge['record'],
  { request }: LoadedChallenge['contents'],
): Counted['purpose'] => {
  if (purpose === 'enroll') return 'enrollment';
  return request.purpose === undefined ? 'sign-in' : 'approval';
};
