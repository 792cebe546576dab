using Kennel.Node.Agent;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Agent;

/// <summary>What a node refuses: such a pod is Failed with this reason, and its set makes another.</summary>
public sealed class AdmissionTests
{
    static readonly Dictionary<string, string> s_room = new() { ["cpu"] = "2", ["memory"] = "1Gi" };

    [Theory]
    [Trait("Behaviour", "SS-245")]
    [InlineData("1", "100Mi", 0, 10, null)]
    [InlineData("1500m", "100Mi", 0, 10, "OutOfcpu")]
    [InlineData("1", "800Mi", 0, 10, "OutOfmemory")]
    [InlineData("1", "100Mi", 0, 1, "OutOfpods")]
    [InlineData("1", "100Mi", 80, 10, "NodePorts")]
    [InlineData("1", "100Mi", 81, 10, null)]
    public void A_pod_that_the_node_has_no_room_for_is_refused_with_its_reason(string cpu, string memory, int port, int most, string? reason)
    {
        var refused = Admission.Check(Pod(cpu, memory, port), [Pod("1", "500Mi", 80)], s_room, most);
        refused?.Reason.ShouldBe(reason);
        (refused is null).ShouldBe(reason is null);
    }

    [Fact]
    public void Finished_pods_take_no_room() =>
        Admission.Check(Pod("2", "1Gi", 80), [Pod("1", "500Mi", 80) with { Status = new() { Phase = "Failed" } }], s_room, 1).ShouldBeNull();

    static Pod Pod(string cpu, string memory, int port) => new()
    {
        Spec = new()
        {
            Containers =
            [
                new()
                {
                    Name = "main",
                    Resources = new() { Requests = new Dictionary<string, string> { ["cpu"] = cpu, ["memory"] = memory } },
                    Ports = port == 0 ? [] : [new() { ContainerPortValue = port, HostPort = port }],
                },
            ],
        },
    };
}
