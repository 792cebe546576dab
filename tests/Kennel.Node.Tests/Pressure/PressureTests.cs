using System.Collections.Immutable;
using Kennel.Node.Pressure;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Pressure;

/// <summary>What a node does when memory or disk is short.</summary>
public sealed class PressureTests
{
    const long Mi = 1L << 20, Gi = 1L << 30;
    static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static PressureObserved Node(long memoryFree = 4 * Gi, long diskFree = 100 * Gi, params PodUse[] pods) =>
        new(s_now, Thresholds.Default, (8 * Gi, memoryFree), new DiskSpace(200 * Gi, diskFree, 1_000_000, 900_000), null, null, Collected: true, Evicting: false, [.. pods]);

    static PodUse Pod(string name, long memory, string request = "0", int priority = 0, long disk = 0, string? annotation = null) => new(
        new Pod
        {
            Metadata = new() { Name = name, Uid = name, Annotations = annotation is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [annotation] = "x" } },
            Spec = new() { Priority = priority, Containers = [new() { Name = "main", Resources = new() { Requests = new Dictionary<string, string> { ["memory"] = request } } }] },
        }, memory, disk, [new("main", memory, disk)]);

    [Fact]
    public void With_enough_of_everything_nothing_happens()
    {
        var decision = Kennel.Node.Pressure.Decide.Node(Node(pods: Pod("a", Gi)));
        (decision.MemoryPressure, decision.DiskPressure, decision.Collect, decision.Victim, decision.Short).ShouldBe((false, false, false, null, null));
    }

    [Fact]
    public void The_first_to_go_is_above_its_request_then_of_low_priority_then_furthest_above()
    {
        PodUse[] pods = [Pod("within", 900 * Mi, "1Gi"), Pod("important", 800 * Mi, "1Mi", priority: 10), Pod("little", 10 * Mi, "1Mi"), Pod("much", 20 * Mi, "1Mi"), Pod("critical", Gi, priority: 2_000_000_000), Pod("static", Gi, annotation: "kubernetes.io/config.mirror")];
        var order = new List<string>();
        for (var left = pods.ToList(); Kennel.Node.Pressure.Decide.Node(Node(memoryFree: Mi, pods: [.. left])).Victim is var (victim, _);)
        {
            order.Add(victim.Metadata.Name!);
            left.RemoveAll(u => u.Pod == victim);
        }
        order.ShouldBe(["much", "little", "important", "within"]);
    }

    [Fact]
    public void The_message_is_upstreams() =>
        Kennel.Node.Pressure.Decide.Node(Node(memoryFree: 50 * Mi, pods: Pod("a", 300 * Mi, "200Mi"))).Victim!.Value.Message.ShouldBe(
            "The node was low on resource: memory. Threshold quantity: 102400Ki, available: 51200Ki. Container main was using 307200Ki, request is 204800Ki, has larger consumption of memory. ");

    [Fact]
    public void While_one_is_on_its_way_out_no_other_has_to_go() =>
        Kennel.Node.Pressure.Decide.Node(Node(memoryFree: Mi, pods: Pod("a", Gi)) with { Evicting = true }).Victim.ShouldBeNull();

    [Fact]
    public void A_short_disk_is_cleaned_before_anybody_has_to_go()
    {
        var dirty = Node(diskFree: Gi, pods: [Pod("a", 0, disk: Gi), Pod("b", 0, disk: 2 * Gi)]) with { Collected = false };
        (Kennel.Node.Pressure.Decide.Node(dirty) is { Collect: true, DiskPressure: true, Victim: null }).ShouldBeTrue();
        var cleaned = Kennel.Node.Pressure.Decide.Node(dirty with { Collected = true });
        (cleaned.Collect, cleaned.Victim!.Value.Pod.Metadata.Name).ShouldBe((false, "b"));
    }

    [Theory]
    [InlineData(200 * Gi, 3 * Gi, false)] // far below ten percent, and yet plenty
    [InlineData(10 * Gi, 3 * Gi / 2, false)]
    [InlineData(10 * Gi, Gi / 2, true)]
    public void A_disk_is_short_below_a_tenth_or_two_gigabytes_whichever_is_less(long total, long free, bool pressure) =>
        Kennel.Node.Pressure.Decide.Node(Node() with { Disk = new DiskSpace(total, free, 0, 0) }).DiskPressure.ShouldBe(pressure);

    [Fact]
    public void A_condition_stays_for_five_minutes_after_the_shortage()
    {
        Kennel.Node.Pressure.Decide.Node(Node() with { MemoryMet = s_now.AddMinutes(-4) }).MemoryPressure.ShouldBeTrue();
        Kennel.Node.Pressure.Decide.Node(Node() with { MemoryMet = s_now.AddMinutes(-5) }).MemoryPressure.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"volumes":[{"name":"e","emptyDir":{"sizeLimit":"10Mi"}}]}""", 11, 0, "Usage of EmptyDir volume \"e\" exceeds the limit \"10Mi\". ")]
    [InlineData("""{"volumes":[{"name":"e","emptyDir":{"sizeLimit":"10Mi","medium":"Memory"}}]}""", 11, 0, null)]
    [InlineData("""{"volumes":[{"name":"e","emptyDir":{}}],"containers":[{"name":"c","resources":{"limits":{"ephemeral-storage":"10Mi"}}}]}""", 6, 5, "Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ")]
    [InlineData("""{"containers":[{"name":"c","resources":{"limits":{"ephemeral-storage":"10Mi"}}},{"name":"d"}]}""", 0, 11, "Container c exceeded its local ephemeral storage limit \"10Mi\". ")]
    [InlineData("""{"containers":[{"name":"c","resources":{"limits":{"ephemeral-storage":"10Mi"}}},{"name":"d"}]}""", 0, 10, null)]
    public void Limits_of_local_storage_are_kept(string spec, long dirMi, long containerMi, string? why)
    {
        var use = new StorageUse(ImmutableSortedDictionary<string, long>.Empty.Add("e", dirMi * Mi), ImmutableSortedDictionary<string, long>.Empty.Add("c", containerMi * Mi));
        LocalStorage.Exceeded(Objects.Json.Read<PodSpec>(System.Text.Encoding.UTF8.GetBytes(spec)), use).ShouldBe(why);
    }
}
