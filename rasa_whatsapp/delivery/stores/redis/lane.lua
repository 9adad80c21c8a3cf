-- The transactions of the Redis store. A call runs one function of this file; it happens whole or not at all.
--
-- KEYS: the prefix of the store, the prefix of one lane. ARGV: the function's name, then its arguments.
--
-- The store  <store>:alias:<name>           the conversation that answers to a name
--            <store>:person:<conversation>  created (a rank, larger is newer), contact
--            <store>:persons                how many conversations were begun
-- Each lane  <lane>:ready                   stream: conversations that have rows or are being worked on
--            <lane>:rows:<conversation>     list: its rows, the head first
--            <lane>:state:<conversation>    entry (in the stream), fence (of the owner), place (how many heads
--                                           are gone), and of the head: running (its fence), since, attempts,
--                                           failures, reason
--            <lane>:id:<id>                 an id that counts as known; of an answer, whose it is, and of a done row
--                                           what is left of it
--            <lane>:dead, <lane>:letters    dead letters: ids by time, contents by id
--
-- A conversation has at most one entry in the stream. That entry is the lease: whoever the consumer group gave
-- it to owns the conversation until the entry has been idle for too long. Each claim sets another fence, so
-- that an owner who lost the lease without noticing is refused.

local store, lane = KEYS[1], KEYS[2]
local ready, group, former = lane .. ':ready', 'workers', 'former'

local function alias_key(name) return store .. ':alias:' .. name end
local function person_key(conversation) return store .. ':person:' .. conversation end
local function rows_key(conversation) return lane .. ':rows:' .. conversation end
local function state_key(conversation) return lane .. ':state:' .. conversation end
local function id_key(id) return lane .. ':id:' .. id end

local api = {}

-- Puts the conversation in line, unless it stands there or is being worked on.
local function enqueue(conversation)
  local state = state_key(conversation)
  if redis.call('HEXISTS', state, 'entry') == 0 then
    redis.call('HSET', state, 'entry', redis.call('XADD', ready, '*', 'conversation', conversation))
  end
end

local function append(conversation, row)
  redis.call('RPUSH', rows_key(conversation), row)
  enqueue(conversation)
end

-- Whether the id was new; from now on it is known.
local function note(id, remembered, left)
  return redis.call('SET', id_key(id), left, 'NX', 'EX', remembered)
end

-- Finds the conversation of these names and makes it answer to all of them, as people.resolve says.
-- Returns it, and how many conversations the names led to.
local function resolve(wanted, names)
  local owners, ranks, found, newest = {}, {}, 0, nil
  for _, name in ipairs(names) do
    local owner = redis.call('GET', alias_key(name))
    if owner and not ranks[owner] then
      ranks[owner] = tonumber(redis.call('HGET', person_key(owner), 'created') or 0)
      found = found + 1
      if not newest or ranks[owner] > ranks[newest] then newest = owner end
    end
    owners[name] = owner
  end
  if not newest then
    newest = wanted
    if #names > 0 then
      local number = 1
      while redis.call('EXISTS', person_key(newest)) == 1 do
        number = number + 1
        newest = wanted .. '~' .. number
      end
      redis.call('HSET', person_key(newest), 'created', redis.call('INCR', store .. ':persons'))
    end
  end
  for _, name in ipairs(names) do
    if owners[name] ~= newest then redis.call('SET', alias_key(name), newest) end
  end
  return newest, found
end

-- remembered, of all arrivals their id, wanted, forget, contact and names (packed), then the row of each.
-- Returns for each its conversation, empty when it was known, and how many its names led to; packed, for a
-- client reads and writes one long string faster than many short ones.
function api.take_in(remembered, arrivals)
  local taken = {}
  for number, arrival in ipairs(cmsgpack.unpack(arrivals)) do
    local id, wanted, forget, contact, names = unpack(arrival)
    if note(id, remembered, '') then
      local conversation, found = resolve(wanted, names)
      if forget ~= '' then redis.call('DEL', alias_key(forget)) end
      if contact ~= '' then redis.call('HSET', person_key(conversation), 'contact', contact) end
      append(conversation, ARGV[3 + number])
      taken[number] = { conversation, found }
    else
      taken[number] = { '', 0 }
    end
  end
  return cmsgpack.pack(taken)
end

-- remembered, conversation, then for each answer: id, row. Known answers are passed over.
function api.add()
  local whose = cmsgpack.pack(ARGV[3])
  for at = 4, #ARGV, 2 do
    if note(ARGV[at], ARGV[2], whose) then append(ARGV[3], ARGV[at + 1]) end
  end
end

-- Makes this consumer the owner. Says whether it is, for the entry may have gone to another one meanwhile.
function api.own(consumer, entry, conversation, fence)
  if #redis.call('XPENDING', ready, group, entry, entry, 1, consumer) == 0 then return false end
  redis.call('HSET', state_key(conversation), 'entry', entry, 'fence', fence)
  return true
end

-- Takes an entry whose owner has not renewed it for ``lease`` milliseconds.
function api.take_over(consumer, lease)
  local overdue = redis.call('XPENDING', ready, group, 'IDLE', lease, '-', '+', 1)[1]
  if not overdue then return false end
  local claimed = redis.call('XCLAIM', ready, group, consumer, lease, overdue[1])[1]
  if claimed then return claimed end
  redis.call('XACK', ready, group, overdue[1])
  return false
end

local function owns(conversation, fence)
  return redis.call('HGET', state_key(conversation), 'fence') == fence
end

-- consumer, then for each lease: conversation, fence, entry.
function api.renew()
  for at = 3, #ARGV, 3 do
    local conversation, fence, entry = unpack(ARGV, at, at + 2)
    if owns(conversation, fence) then
      redis.call('XCLAIM', ready, group, ARGV[2], 0, entry, 'JUSTID')
    end
  end
end

-- Removes the head; a call that is repeated because its answer got lost removes nothing more.
local function pop(conversation, place)
  local state = state_key(conversation)
  if (redis.call('HGET', state, 'place') or '0') ~= place then return false end
  redis.call('LPOP', rows_key(conversation))
  redis.call('HINCRBY', state, 'place', 1)
  redis.call('HDEL', state, 'running', 'since', 'attempts', 'failures', 'reason')
  return true
end

local function refuse() return redis.error_reply('LEASELOST another worker owns the conversation') end

-- The head is done: its id stays known, with what is left of the row.
function api.finish(conversation, fence, place, id, done, remembered)
  if not owns(conversation, fence) then return refuse() end
  if pop(conversation, place) then redis.call('SET', id_key(id), done, 'EX', remembered) end
  return api.begin(conversation, fence)
end

-- Marks the head as running. Returns place, row, attempts, whether an earlier owner left it running, how many
-- seconds ago that owner began it, and failures, of which that is one.
function api.begin(conversation, fence)
  if not owns(conversation, fence) then return refuse() end
  local state = state_key(conversation)
  local row = redis.call('LINDEX', rows_key(conversation), 0)
  if not row then return false end
  local known = redis.call('HMGET', state, 'place', 'running', 'attempts', 'since', 'failures')
  local place, running, attempts, since, failures = unpack(known)
  local now = redis.call('TIME')[1]
  if running ~= fence then
    attempts = redis.call('HINCRBY', state, 'attempts', 1)
    redis.call('HSET', state, 'running', fence, 'since', now)
    if running then failures = redis.call('HINCRBY', state, 'failures', 1) end
  end
  local interrupted = running and running ~= fence
  local head = { place or '0', row, tonumber(attempts) }
  head[4], head[5] = interrupted and 1 or 0, interrupted and now - (since or now) or 0
  head[6] = tonumber(failures or 0)
  return head
end

function api.give_back(conversation, fence, reason, failed)
  if not owns(conversation, fence) then return refuse() end
  if failed == '1' then redis.call('HINCRBY', state_key(conversation), 'failures', 1) end
  redis.call('HDEL', state_key(conversation), 'running')
  redis.call('HSET', state_key(conversation), 'reason', reason)
end

function api.bury(conversation, fence, place, id, letter)
  if not owns(conversation, fence) then return refuse() end
  if pop(conversation, place) then
    redis.call('ZADD', lane .. ':dead', redis.call('TIME')[1], id)
    redis.call('HSET', lane .. ':letters', id, letter)
  end
end

-- Ends the lease; rows that came meanwhile put the conversation back in line.
function api.release(conversation, fence, entry)
  if not owns(conversation, fence) then return end
  redis.call('XACK', ready, group, entry)
  redis.call('XDEL', ready, entry)
  if redis.call('EXISTS', rows_key(conversation)) == 1 then
    redis.call('HDEL', state_key(conversation), 'entry', 'fence')
    enqueue(conversation)
  else
    redis.call('DEL', state_key(conversation))
  end
end

-- The consumer goes: what it owns is overdue at once. Consumers that died without a word go too, when all
-- they owned was taken over.
function api.leave(consumer, lease)
  for _, owned in ipairs(redis.call('XPENDING', ready, group, '-', '+', 10000, consumer)) do
    redis.call('XCLAIM', ready, group, former, 0, owned[1], 'IDLE', lease, 'JUSTID')
  end
  redis.call('XGROUP', 'DELCONSUMER', ready, group, consumer)
  for _, other in ipairs(redis.call('XINFO', 'CONSUMERS', ready, group)) do
    local name, pending, idle = other[2], other[4], other[6]
    if pending == 0 and idle > 60000 then redis.call('XGROUP', 'DELCONSUMER', ready, group, name) end
  end
end

-- A page of the conversations in line, after an entry: entry, conversation, running, attempts, reason, rows.
function api.page(after, count)
  local page = {}
  for _, entry in ipairs(redis.call('XRANGE', ready, after, '+', 'COUNT', count)) do
    local conversation = entry[2][2]
    local head = redis.call('HMGET', state_key(conversation), 'running', 'attempts', 'reason')
    local rows = redis.call('LRANGE', rows_key(conversation), 0, -1)
    page[#page + 1] = { entry[1], conversation, head[1], head[2], head[3], rows }
  end
  return page
end

-- The same page, only counted: the last entry, how many rows, and when the oldest head came.
function api.depth(after, count)
  local last, rows, oldest = false, 0, false
  for _, entry in ipairs(redis.call('XRANGE', ready, after, '+', 'COUNT', count)) do
    last = entry[1]
    local key = rows_key(entry[2][2])
    local head = redis.call('LINDEX', key, 0)
    if head then
      rows = rows + redis.call('LLEN', key)
      -- Behind the first bytes of the array and of the number; what is no row of ours has none.
      local at = #head >= 10 and head:byte(2) == 0xcb and struct.unpack('>d', head, 3)
      if at and (not oldest or at < oldest) then oldest = at end
    end
  end
  return { last, rows, oldest and string.format('%.6f', oldest) }
end

-- Takes a dead letter away; whether there was one.
function api.unbury(id)
  redis.call('ZREM', lane .. ':dead', id)
  return redis.call('HDEL', lane .. ':letters', id)
end

function api.retry(id, conversation, row)
  if api.unbury(id) == 0 then return 0 end
  append(conversation, row)
  return 1
end

function api.settle(id, done, remembered)
  if api.unbury(id) == 0 then return 0 end
  redis.call('SET', id_key(id), done, 'EX', remembered)
  return 1
end

-- Takes a conversation's rows away, from its owner too. Returns them, and whether the head was running.
function api.erase(conversation)
  local state, rows = state_key(conversation), rows_key(conversation)
  local entry, running = unpack(redis.call('HMGET', state, 'entry', 'running'))
  if entry then
    redis.call('XACK', ready, group, entry)
    redis.call('XDEL', ready, entry)
  end
  local erased = redis.call('LRANGE', rows, 0, -1)
  redis.call('DEL', rows, state)
  return { erased, running and 1 or 0 }
end

-- Functions whose arguments are a list of any length read them from ARGV.
return api[ARGV[1]](unpack(ARGV, 2, math.min(#ARGV, 8)))
