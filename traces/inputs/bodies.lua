-- Numbers, tables, strings and closures, long enough that all of it is compiled.
local bodies = {}
for i = 1, 40 do
  bodies[i] = {x = i * 1.5, y = i * i % 17, vx = 0, vy = 0, mass = 1 + i % 3}
end
local function step(dt)
  for i, a in ipairs(bodies) do
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy = a.x - b.x, a.y - b.y
      local pull = dt / (dx * dx + dy * dy + 0.01)
      a.vx, a.vy = a.vx - dx * pull * b.mass, a.vy - dy * pull * b.mass
      b.vx, b.vy = b.vx + dx * pull * a.mass, b.vy + dy * pull * a.mass
    end
  end
  for _, a in ipairs(bodies) do
    a.x, a.y = a.x + dt * a.vx, a.y + dt * a.vy
  end
end
for _ = 1, 300 do step(0.001) end

local counts = {}
for line in io.lines("text") do
  for word in line:gmatch("%a+") do counts[word] = (counts[word] or 0) + 1 end
end
local order = {}
for word in pairs(counts) do order[#order + 1] = word end
table.sort(order, function(a, b)
  if counts[a] ~= counts[b] then return counts[a] > counts[b] end
  return a < b
end)
print(bodies[1].x, #order, order[1])
