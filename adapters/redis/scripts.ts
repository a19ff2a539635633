/**
 * What Redis does in one step, each on a single key, so that it works in a cluster too. A value is `until|tags|json`:
 * its end by our clock, its tags as `,one,two,` in percent-encoding ('' for none), and its JSON. Redis' clock is never
 * asked: its own TTL is later and only collects what is left.
 */

/** The parts of what KEYS[1] holds; nil where that is nothing, or has ended at ARGV[1]. */
const held = `
local ends, tags, json
local text = redis.call('GET', KEYS[1])
if text then
  ends, tags, json = string.match(text, '^([^|]*)|([^|]*)|(.*)$')
  if tonumber(ends) <= tonumber(ARGV[1]) then ends, tags, json = nil, nil, nil end
end
`;

const sources = {
  /** now, text, Redis' TTL → 1: put, 0: something is there. */
  addValue: `${held}
if ends then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`,

  /** now, JSON it was, [JSON next, [until, Redis' TTL]] → its tags; nil: it is something else. */
  swapValue: `${held}
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
  countHit: `${held}
if not ends then
  redis.call('SET', KEYS[1], ARGV[2] .. '||1', 'PX', ARGV[3])
  return 1
end
local total = tonumber(json) + 1
redis.call('SET', KEYS[1], ends .. '|' .. tags .. '|' .. string.format('%.0f', total), 'KEEPTTL')
return total`,

  /** now: takes one off what was counted, and nothing off zero. */
  giveBackHit: `${held}
if not ends then return 0 end
local total = math.max(tonumber(json) - 1, 0)
redis.call('SET', KEYS[1], ends .. '|' .. tags .. '|' .. string.format('%.0f', total), 'KEEPTTL')
return total`,

  /**
   * now, until, key, Redis' TTL, most: notes that a key carries a tag. The set forgets what has ended, keeps at most so
   * many (those that end last), and ends with its last member.
   */
  noteTagged: `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[3])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[5]))
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1`,

  /** `,tag,`: drops the value if it still carries that tag; it may have been put anew without. */
  dropIfTagged: `
local tags = string.match(redis.call('GET', KEYS[1]) or '', '^[^|]*|([^|]*)|')
if tags and string.find(tags, ARGV[1], 1, true) then return redis.call('DEL', KEYS[1]) end
return 0`,
};

export type Scripts = Readonly<
  Record<keyof typeof sources, (key: string, ...args: readonly (string | number)[]) => Promise<unknown>>
>;

/** As ioredis defines commands: it sends the text once per connection, then its digest. */
export const scripts = Object.fromEntries(
  Object.entries(sources).map(([name, lua]) => [name, { lua, numberOfKeys: 1 }]),
);
