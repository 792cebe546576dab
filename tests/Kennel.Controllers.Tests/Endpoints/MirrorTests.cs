using Kennel.Client.Running;
using Kennel.Controllers.Endpoints;
using Kennel.Objects.Core;
using CoreEndpoints = Kennel.Objects.Core.Endpoints;

namespace Kennel.Controllers.Tests.Endpoints;

public sealed class MirrorTests
{
    [Fact]
    public void A_subset_of_nobody_is_none()
    {
        var service = new Service { Metadata = new() { Name = "web", Namespace = "default" }, Spec = new() { Selector = Make.Map(("app", "web")), Ports = [new() { Port = 80 }] } };
        var leaving = new Backend(
            new() { Addresses = ["10.0.0.1"], Conditions = new() { Ready = false, Serving = false, Terminating = true }, TargetRef = new() { Kind = "Pod", Namespace = "default", Name = "web-0" } },
            [new() { Name = "", Port = 80, Protocol = "TCP" }]);
        var step = Mirror.Decide(service, [leaving], null).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Create>();
        ((CoreEndpoints)step.Object).Subsets.ShouldBeEmpty();
    }
}
