/** Settings of audit, traces and log. */
import { logLevels } from '../../log.ts';
import { baseAddress } from '../checks/addresses.ts';
import { durationOrForever, oneOf } from '../checks/values.ts';
import { count, optional, withDefault } from '../setting.ts';

export const telemetry = {
  auditRetention: withDefault({
    name: 'SALLYPORT_AUDIT_RETENTION',
    check: durationOrForever('1d', '3650d'),
    expected: 'a duration from 1d to 3650d: a whole number and s, m, h or d; or forever',
    example: '400d',
    doc: 'How long audit records stay. Older ones are deleted in the background, a few at a time. `forever`: none is deleted. Limits, consents and everything else have lifetimes of their own.',
    fallback: '400d',
  }),
  otlpEndpoint: optional({
    name: 'SALLYPORT_OTLP_ENDPOINT',
    check: baseAddress(),
    expected: 'an http or https address without query',
    example: 'http://127.0.0.1:4318',
    doc: 'Collector that gets traces by OTLP over HTTP, at `/v1/traces` below this address: spans of requests, store operations, sends and password hashes, without names, numbers and addresses. `OTEL_EXPORTER_OTLP_HEADERS` adds headers. A `traceparent` header is followed where `SALLYPORT_PROXY_HOPS` is above 0, so the proxy must not pass on that of strangers. Unset: there are no traces.',
  }),
  tracedPercent: count(
    'SALLYPORT_TRACED_PERCENT',
    10,
    1,
    100,
    'Share of the requests that are traced, in percent, with `SALLYPORT_OTLP_ENDPOINT`.',
  ),
  logLevel: withDefault({
    name: 'SALLYPORT_LOG_LEVEL',
    check: oneOf(...logLevels),
    expected: logLevels.join(', '),
    example: 'info',
    doc: 'Lowest level that is logged.',
    fallback: 'info',
  }),
};
