-- Reserves the next sending time (the generic cell rate algorithm); pacing.Pacer for all workers together.
--
-- KEYS: the recipient's pace, the number's pace. ARGV: interval in seconds and burst of each, then for how many
-- seconds ahead the number's times are reserved at most.
-- Returns the seconds until that time; nothing when it lies further ahead, and is not reserved.

local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6

local function free_at(key)
  return math.max(tonumber(redis.call('GET', key) or 0), now)
end

local function take(key, free_at, interval)
  local next_free = free_at + interval
  redis.call('SET', key, string.format('%.6f', next_free), 'PX', math.ceil((next_free - now) * 1000))
end

local function wait(free_at, interval, burst)
  return math.max(0, free_at - (burst - 1) * interval - now)
end

local pair_interval, pair_burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole_interval, whole_burst = tonumber(ARGV[3]), tonumber(ARGV[4])
local pair, whole = free_at(KEYS[1]), free_at(KEYS[2])
local whole_wait = wait(whole, whole_interval, whole_burst)
if whole_wait > tonumber(ARGV[5]) then return false end
take(KEYS[1], pair, pair_interval)
take(KEYS[2], whole, whole_interval)
return string.format('%.6f', math.max(wait(pair, pair_interval, pair_burst), whole_wait))
