/** Types what the API of the authenticator uses. `server/public-routes.ts` passes it. */
import type { Audit } from '../../src/audit.ts';
import type { CountedAudit } from '../../src/counted-audit.ts';
import type { Log } from '../../src/log.ts';
import type { DeviceAnswers } from '../../src/mfa/challenge/device-answers.ts';
import type { DeviceRequests } from '../../src/mfa/challenge/device-requests.ts';
import type { PasskeyPolicy } from '../../src/mfa/passkeys/policy.ts';
import type { DeviceChanges } from '../../src/mfa/push/device-changes.ts';
import type { Devices } from '../../src/mfa/push/devices.ts';
import type { PairingClaims } from '../../src/mfa/push/pairing-claims.ts';
import type { PushKeys } from '../../src/mfa/push/server-keys.ts';
import type { TestPushes } from '../../src/mfa/push/test-pushes.ts';
import type { PushSettings } from '../../src/mfa/push/settings.ts';
import type { Clock } from '../../src/ports/time.ts';
import type { Users } from '../../src/users/users.ts';

/** Services and settings of the API. */
export interface AuthenticatorApiDeps {
  readonly issuer: URL;
  readonly push: Pick<PushSettings, 'unlock' | 'services'>;
  readonly passkeys: PasskeyPolicy;
  readonly users: Pick<Users, 'get'>;
  readonly pairingClaims: Pick<PairingClaims, 'claim'>;
  readonly devices: Devices;
  readonly deviceChanges: DeviceChanges;
  readonly testPushes: TestPushes;
  readonly deviceRequests: Pick<DeviceRequests, 'of'>;
  readonly deviceAnswers: Pick<DeviceAnswers, 'answer'>;
  readonly pushKeys: Pick<PushKeys, 'published' | 'current' | 'vapid'>;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  readonly clock: Clock;
  readonly log: Log;
}
