using System.Runtime.InteropServices;
using Kennel.Objects.AutoscalingV2;
using Kennel.Objects.Quantities;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>How far usage may be from its target without any change.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Tolerance(double Up, double Down)
{
    const double Default = 0.1;

    public static Tolerance Of(HorizontalPodAutoscalerBehavior? behavior) => new(Of(behavior?.ScaleUp), Of(behavior?.ScaleDown));

    static double Of(HPAScalingRules? rules) => Quantity.TryParse(rules?.Tolerance, out var said) ? said.MilliValue / 1000.0 : Default;

    public bool Covers(double ratio) => 1.0 - Down <= ratio && ratio <= 1.0 + Up;
}
