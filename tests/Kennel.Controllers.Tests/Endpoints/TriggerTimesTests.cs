using Kennel.Controllers.Endpoints;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Endpoints;

public sealed class TriggerTimesTests
{
    readonly TriggerTimes _times = new();
    readonly Service _service = new() { Metadata = Make.Meta("web"), Spec = new() };

    static Pod Pod(string name, int seconds) => Make.Pod(name) is var p
        ? p with { Status = new() { Conditions = [new() { Type = "Ready", Status = "True", LastTransitionTime = Make.Now.AddSeconds(seconds) }] } } : null!;

    [Fact]
    public void A_service_that_is_new_here_counts_from_its_creation() => _times.Since(_service, [Pod("a", -9)]).ShouldBe(_service.Metadata.CreationTimestamp);

    [Fact]
    public void Later_the_earliest_change_since_the_last_look_counts()
    {
        _times.Since(_service, [Pod("a", 0), Pod("b", 0)]);
        _times.Since(_service, [Pod("a", 0), Pod("b", 0)]).ShouldBeNull();
        _times.Since(_service, [Pod("a", 9), Pod("b", 7)]).ShouldBe(Make.Now.AddSeconds(7));
        _times.Since(_service, [Pod("a", 9), Pod("b", 8), Pod("c", 20)]).ShouldBe(Make.Now.AddSeconds(8));
        _times.Forget(ObjectKey.Of(_service));
        _times.Since(_service, []).ShouldBe(_service.Metadata.CreationTimestamp);
    }
}
