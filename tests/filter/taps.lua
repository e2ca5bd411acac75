-- Says which packets match each filter of a file (FILTERS), one line a match: "<number of the filter> <packet>".
local index = 0
for filter in io.lines(os.getenv("FILTERS")) do
    index = index + 1
    local number = index
    local listener = Listener.new("frame", filter)
    function listener.packet(pinfo) print(number .. " " .. pinfo.number) end
    function listener.draw() end
    function listener.reset() end
end
