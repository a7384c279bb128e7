Console.WriteLine("modestano-operator");
