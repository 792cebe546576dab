using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds;

/// <summary>Which kinds have rules of their own.</summary>
static class KindTable
{
    public static KindRules Make(ResourceType type) => (type.Group, type.Kind) switch
    {
        _ => new PlainRules(type),
    };
}
