using Kennel.Controllers.ReplicaSets;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.ReplicaSets;

public sealed class DeletionOrderTests
{
    static readonly string[] s_nodes = ["", "n1", "n2"];

    /// <summary>A sort of the framework may fail over an order that contradicts itself.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_order_contradicts_itself_nowhere(int seed)
    {
        var random = new Random(seed);
        var pods = Enumerable.Range(0, 60).Select(i => Pod(random, i)).ToList();
        var order = new DeletionOrder(() => pods, Make.Now);
        foreach (var a in pods)
            foreach (var b in pods)
            {
                var ab = Math.Sign(order.Compare(a, b));
                ab.ShouldBe(-Math.Sign(order.Compare(b, a)));
                if (ab == 0) a.ShouldBeSameAs(b);
                foreach (var c in pods) if (ab < 0 && order.Compare(b, c) < 0) order.Compare(a, c).ShouldBeLessThan(0);
            }
    }

    static Pod Pod(Random random, int number) => new()
    {
        Metadata = new() { Name = $"p{number}", Uid = $"uid-{random.Next(1_000_000):000000}-{number}", CreationTimestamp = Make.Now.AddSeconds(-random.Next(3) * 100) },
        Spec = new() { NodeName = s_nodes[random.Next(3)] },
        Status = new()
        {
            Phase = random.Next(4) == 0 ? "Pending" : "Running",
            Conditions = [new() { Type = "Ready", Status = random.Next(4) == 0 ? "False" : "True", LastTransitionTime = Make.Now.AddSeconds(-random.Next(4) * 30) }],
            ContainerStatuses = [new() { Name = "c", RestartCount = random.Next(2) }],
        },
    };
}
