using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Coordination;

sealed class LeaseRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        var spec = o.Obj("spec");
        if (spec.Int("leaseDurationSeconds") <= 0) errors.Invalid("spec.leaseDurationSeconds", spec.Int("leaseDurationSeconds"), "must be greater than 0");
        errors.NotNegative("spec.leaseTransitions", spec.Int("leaseTransitions"));
    }
}
