/**
 * Lists the Lua scripts. Redis runs each as one atomic step. Each uses a single key, so that they work in a cluster.
 * A value is stored as `until|tags|json`: its end by our clock, its tags as `,one,two,` in percent-encoding ('' without
 * tags), and its JSON. Redis' own clock is not used for decisions: its TTL is later and only frees the memory.
 */

/** Splits the value of KEYS[1] into `ends`, `tags` and `json`; all nil where it is absent, or expired at ARGV[1]. */
const load = `
local ends, tags, json
local text = redis.call('GET', KEYS[1])
if text then
  ends, tags, json = string.match(text, '^([^|]*)|([^|]*)|(.*)$')
  if tonumber(ends) <= tonumber(ARGV[1]) then ends, tags, json = nil, nil, nil end
end
`;

const sources = {
  /** now, text, Redis' TTL → 1: stored, 0: the key was not absent. */
  setIfAbsent: `${load}
if ends then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`,

  /** now, expected JSON, [next JSON, [until, Redis' TTL]] → the tags; nil: the value is not the expected one. */
  compareAndSwap: `${load}
if json ~= ARGV[2] then return false end
if not ARGV[3] then
  redis.call('DEL', KEYS[1])
elseif ARGV[4] then
  redis.call('SET', KEYS[1], ARGV[4] .. '|' .. tags .. '|' .. ARGV[3], 'PX', ARGV[5])
else
  redis.call('SET', KEYS[1], ends .. '|' .. tags .. '|' .. ARGV[3], 'KEEPTTL')
end
return tags`,

  /** now, until, Redis' TTL → the total. */
  incrementCounter: `${load}
if not ends then
  redis.call('SET', KEYS[1], ARGV[2] .. '||1', 'PX', ARGV[3])
  return 1
end
local total = tonumber(json) + 1
redis.call('SET', KEYS[1], ends .. '|' .. tags .. '|' .. string.format('%.0f', total), 'KEEPTTL')
return total`,

  /** now → the total, one lower but not below zero. */
  decrementCounter: `${load}
if not ends then return 0 end
local total = math.max(tonumber(json) - 1, 0)
redis.call('SET', KEYS[1], ends .. '|' .. tags .. '|' .. string.format('%.0f', total), 'KEEPTTL')
return total`,

  /**
   * now, until, key, Redis' TTL: adds a key to the set of a tag. Expired keys leave the set, so it has no more than there are values.
   * It expires with its last key.
   */
  addTagged: `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1`,

  /** `,tag,`: deletes the value if it still has this tag. It may have been stored again without. */
  dropIfTagged: `
local tags = string.match(redis.call('GET', KEYS[1]) or '', '^[^|]*|([^|]*)|')
if tags and string.find(tags, ARGV[1], 1, true) then return redis.call('DEL', KEYS[1]) end
return 0`,
};

/** The scripts as methods of a connection. */
export type Scripts = Readonly<
  Record<keyof typeof sources, (key: string, ...args: readonly (string | number)[]) => Promise<unknown>>
>;

/** In the form in which ioredis takes commands. It sends the text once per connection, and its digest from then on. */
export const scripts = Object.fromEntries(
  Object.entries(sources).map(([name, lua]) => [name, { lua, numberOfKeys: 1 }]),
);
