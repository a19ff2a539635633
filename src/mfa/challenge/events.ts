/** Records what happens to a challenge in the audit, and publishes that it changed. */
import type { Audit, AuditEvent, AuditFacts } from '../../audit.ts';
import type { Notifier } from '../../ports/stores.ts';
import { deviceTopic } from '../push/device-topic.ts';
import { challengeTopic, type ChallengeRecord } from './record.ts';
import type { LoadedChallenge } from './store.ts';

/** The side an event comes from: `browser`, `carrier`, `device`, `system`. */
export type ChallengeActor = 'browser' | 'carrier' | 'device' | 'system';

interface ChallengeEventsDeps {
  readonly audit: Audit;
  readonly notifier: Notifier;
}

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
    const { userId: subject, factor } = record;
    const { reference, client, address } = contents.request;
    const from = address === undefined ? {} : { address };
    await this.#deps.audit({ event, outcome, actor, subject, reference, client, ...from, factor, ...facts });
  }

  /** Wakes the pages that watch this challenge, on every node, and the open authenticators that are asked. */
  async publish({ boundTo, via, userId }: Pick<ChallengeRecord, 'boundTo' | 'via' | 'userId'>): Promise<void> {
    const { notifier } = this.#deps;
    await notifier.publish(challengeTopic(boundTo));
    if (via === 'push') await notifier.publish(deviceTopic(userId));
  }
}
