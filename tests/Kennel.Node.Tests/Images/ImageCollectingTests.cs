using Kennel.Node.Images;
using Kennel.Node.Runtime;

namespace Kennel.Node.Tests.Images;

public sealed class ImageCollectingTests
{
    static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static ImageUse Image(string id, int minutesAgo, bool inUse = false, bool pulled = true) =>
        new(new(id, [id], pulled ? [$"{id}@sha256:1"] : [], 100, null, null), inUse, s_now.AddMinutes(-minutesAgo));

    [Fact]
    public void The_longest_unused_go_first_until_enough_is_free() =>
        ImageCollecting.Choose([Image("a", 10), Image("b", 30), Image("c", 20)], 150, s_now).ShouldBe(["b", "c"]);

    [Fact]
    public void What_is_used_or_young_or_was_loaded_by_hand_stays() =>
        ImageCollecting.Choose([Image("used", 60, inUse: true), Image("young", 1), Image("loaded", 60, pulled: false), Image("old", 60)], 1000, s_now).ShouldBe(["old"]);
}
