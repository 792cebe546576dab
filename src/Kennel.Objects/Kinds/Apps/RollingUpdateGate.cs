using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Apps;

/// <summary>
/// A set's <c>maxUnavailable</c> while its gate is off: nobody can begin to use it, and who has it keeps it. Whether it is there is all that the
/// controller looks at.
/// </summary>
static class RollingUpdateGate
{
    const string Field = "maxUnavailable";

    public static void Keep(JsonObject? spec, JsonObject? was, Occasion when)
    {
        if (Rolling(spec) is not { } rolling) return;
        if (when.Gates.HasFlag(Gates.MaxUnavailableStatefulSet))
        {
            if (spec.Obj("updateStrategy").Text("type") == "RollingUpdate") rolling.Lack(Field, 1L);
        }
        else if (Rolling(was)?.Has(Field) != true && rolling.Remove(Field))
            when.Warn?.Invoke($"spec.updateStrategy.rollingUpdate.{Field}: dropped, one pod at a time is replaced: the feature gate {nameof(Gates.MaxUnavailableStatefulSet)} is off");
    }

    static JsonObject? Rolling(JsonObject? spec) => spec.Obj("updateStrategy").Obj("rollingUpdate");
}
