/** States in discovery what of CIBA is offered (OpenID CIBA §4). */
import { cibaGrant } from '../ciba-parameters.ts';

/** Members that the library adds for CIBA. */
const ofCiba: ReadonlySet<string> = new Set([
  'backchannel_authentication_endpoint',
  'backchannel_token_delivery_modes_supported',
  'backchannel_user_code_parameter_supported',
  'backchannel_authentication_request_signing_alg_values_supported',
]);

/** Gives the function that changes the members of discovery: user codes are not supported, and CIBA may not be offered at all. */
export const announceCiba =
  (isOffered: boolean) =>
  (members: object): object => {
    if (isOffered) return { ...members, backchannel_user_code_parameter_supported: false };
    return Object.fromEntries(
      Object.entries(members)
        .filter(([name]) => !ofCiba.has(name))
        .map(([name, value]: [string, unknown]) => [name, Array.isArray(value) ? withoutGrant(value) : value]),
    );
  };

const withoutGrant = (values: readonly unknown[]): readonly unknown[] => values.filter(each => each !== cibaGrant);
