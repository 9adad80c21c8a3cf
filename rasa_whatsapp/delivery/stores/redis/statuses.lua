-- Notes statuses. KEYS: one for each. ARGV: the seconds for which they are kept.

for _, key in ipairs(KEYS) do redis.call('SET', key, '', 'EX', ARGV[1]) end
