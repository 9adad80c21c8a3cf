-- Reserves the next sending time (the generic cell rate algorithm); pacing.Pacer for all workers together.
--
-- KEYS: the recipient's pace, the number's pace. ARGV: interval in seconds and burst of each.
-- Returns the seconds until that time.

local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6

local function wait(key, interval, burst)
  local free_at = math.max(tonumber(redis.call('GET', key) or 0), now)
  local next_free = free_at + interval
  redis.call('SET', key, string.format('%.6f', next_free), 'PX', math.ceil((next_free - now) * 1000))
  return math.max(0, free_at - (burst - 1) * interval - now)
end

local pair = wait(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]))
local whole = wait(KEYS[2], tonumber(ARGV[3]), tonumber(ARGV[4]))
return string.format('%.6f', math.max(pair, whole))
