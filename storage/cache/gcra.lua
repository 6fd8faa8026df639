-- The lines of gcra.take, in whole microseconds. KEYS[1]: bucket; ARGV: interval, burst, cost, now (0: this server's time).
local interval, burst, cost, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if now == 0 then
  local t = redis.call('TIME')
  now = tonumber(t[1]) * 1000000 + tonumber(t[2])
end
local tolerance = interval * burst
local arrival = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
arrival = math.min(math.max(arrival, now), now + tolerance)
local next = arrival + interval * cost
local wait = next - tolerance - now
if wait > 0 then
  return {0, wait, tolerance - (arrival - now)}
end
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', string.format('%.0f', math.ceil((next - now) / 1000)))
return {1, 0, tolerance - (next - now)}
