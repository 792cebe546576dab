using Kennel.Client.Running;
using Kennel.Controllers.Roles;
using Kennel.Objects.Meta;
using Kennel.Objects.Rbac;

namespace Kennel.Controllers.Tests.Roles;

public sealed class AggregationTests
{
    static ClusterRole Part(string name, string label, params string[] resources) => new()
    {
        Metadata = Make.Meta(name, null) with { Labels = Make.Map((label, "true")) },
        Rules = [.. resources.Select(r => new PolicyRule { ApiGroups = [""], Resources = [r], Verbs = ["get"] })],
    };

    static readonly ClusterRole s_whole = new()
    {
        Metadata = Make.Meta("whole", null), AggregationRule = new() { ClusterRoleSelectors = [new LabelSelector { MatchLabels = Make.Map(("to-whole", "true")) }] },
    };

    [Fact]
    public void A_role_has_the_rules_of_all_its_parts_once()
    {
        var step = Aggregate.Decide(s_whole, [Part("a", "to-whole", "pods"), Part("b", "elsewhere", "secrets"), Part("c", "to-whole", "pods", "services")]).Steps.Single();
        var updated = step.ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<ClusterRole>();
        updated.Rules.Select(r => r.Resources[0]).ShouldBe(["pods", "services"]);
        Aggregate.Decide(updated, [Part("a", "to-whole", "pods"), Part("c", "to-whole", "services")]).Steps.ShouldBeEmpty();
        Aggregate.Decide(updated, []).Steps.Single().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<ClusterRole>().Rules.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_part_reaches_the_whole()
    {
        await using var world = new LiveWorld(c => [new RoleAggregation(c)], api => api.Put(s_whole));
        await world.Api.Send(new("POST", ClusterRole.Resource.Path(), Objects.Json.Write(Part("a", "to-whole", "pods"))), default);
        await world.Until<ClusterRole>("whole", r => r.Rules.Count == 1, space: "");
    }
}
