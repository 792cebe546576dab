using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class PodTemplateRules(ResourceType type) : KindRules(type)
{
    public override bool HasGeneration => true;

    protected override void Check(JsonObject o, Errors errors) => TemplateRules.Check(o.Obj("template"), "template", errors);
}
